package io.weir.test.network;

import io.weir.core.path.Ecn;
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

    /** Where others reach it on its host at this moment, 1 to 65,535: another than it was bound to after {@link SimulatedNetwork#changePort}. */
    int port();

    /**
     * Sends the buffer's remaining bytes, which are copied, without a mark. A payload that does not fit the MTU of the way, 28
     * bytes of headers included, is lost, or refused where {@link Faults#mtuIsKnown}.
     *
     * @return false if it is refused for its size, as a system refuses what its own interface does not take
     */
    default boolean send(ByteBuffer payload, String toHost, int toPort) {
        return send(payload, toHost, toPort, Ecn.NOT_ECT);
    }

    /** The same, so marked: an ECT mark may arrive as CE, see {@link Faults#markAbove}. */
    boolean send(ByteBuffer payload, String toHost, int toPort, Ecn mark);

    /**
     * Forges a datagram: sends it as if it came from there. It takes the way of this endpoint's host.
     *
     * @param fromPort 1 to 65,535; neither it nor the host need exist
     */
    boolean forge(String fromHost, int fromPort, ByteBuffer payload, String toHost, int toPort);

    /**
     * What arrives, for one subscriber; what arrives before it is kept, up to {@link #RECEIVE_LIMIT}. Completes when the
     * endpoint is closed.
     */
    Flux<Datagram> received();

    /** Unbinds the port. Idempotent. */
    @Override
    void close();
}
