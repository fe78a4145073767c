package io.weir.test.network;

import java.nio.ByteBuffer;
import reactor.core.publisher.Flux;

/**
 * A bound port that sends and receives datagrams on a {@link SimulatedNetwork}: lost, damaged, duplicated, late or out of
 * order as the network's {@link Faults} have it. Nothing tells the sender. Thread: the network's.
 */
public interface DatagramEndpoint extends AutoCloseable {

    /** What {@link #received} holds for its subscriber; more is lost, as in a full socket buffer. */
    int RECEIVE_LIMIT = 1_024;

    /** Where others reach it at this moment: its host's address. */
    String host();

    /** Where others reach it on its host, 1 to 65,535. */
    int port();

    /**
     * Sends the buffer's remaining bytes, which are copied. A payload that does not fit the MTU of the way, 28 bytes of
     * headers included, is lost.
     */
    void send(ByteBuffer payload, String toHost, int toPort);

    /**
     * What arrives, for one subscriber; what arrives before it is kept, up to {@link #RECEIVE_LIMIT}. Completes when the
     * endpoint is closed.
     */
    Flux<Datagram> received();

    /** Unbinds the port. Idempotent. */
    @Override
    void close();
}
