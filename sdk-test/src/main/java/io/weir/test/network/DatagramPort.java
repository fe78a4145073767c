package io.weir.test.network;

import java.nio.ByteBuffer;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/** A port of a host. */
final class DatagramPort implements DatagramEndpoint {

    private final DatagramNetwork network;
    private final Host host;
    private final int port;
    private final Sinks.Many<Datagram> received = Sinks.many()
            .unicast()
            .onBackpressureBuffer(Queues.<Datagram>get(RECEIVE_LIMIT).get());

    DatagramPort(DatagramNetwork network, Host host, int port) {
        this.network = network;
        this.host = host;
        this.port = port;
    }

    @Override
    public String host() {
        return host.address();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void send(ByteBuffer payload, String toHost, int toPort) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        network.send(host, port, bytes, Objects.requireNonNull(toHost, "toHost"), toPort);
    }

    @Override
    public Flux<Datagram> received() {
        return received.asFlux();
    }

    @Override
    public void close() {
        if (network.unbind(host, this)) {
            received.tryEmitComplete();
        }
    }

    /** On the host's scheduler. False if it has no room. */
    boolean deliver(Datagram datagram) {
        return received.tryEmitNext(datagram).isSuccess();
    }
}
