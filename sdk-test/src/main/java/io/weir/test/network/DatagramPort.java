package io.weir.test.network;

import io.weir.core.path.Ecn;
import java.nio.ByteBuffer;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/** A port of a host. */
final class DatagramPort implements DatagramEndpoint {

    private final DatagramNetwork network;
    private final Host host;
    private int port;
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
    public boolean send(ByteBuffer payload, String toHost, int toPort, Ecn mark) {
        return send(new Datagram(host.address(), port, copy(payload), mark), toHost, toPort);
    }

    @Override
    public boolean forge(String fromHost, int fromPort, ByteBuffer payload, String toHost, int toPort) {
        Objects.requireNonNull(fromHost, "fromHost");
        DatagramNetwork.requirePort("fromPort", fromPort);
        return send(new Datagram(fromHost, fromPort, copy(payload), Ecn.NOT_ECT), toHost, toPort);
    }

    private boolean send(Datagram datagram, String toHost, int toPort) {
        return network.send(host, datagram, Objects.requireNonNull(toHost, "toHost"), toPort);
    }

    private static ByteBuffer copy(ByteBuffer payload) {
        return ByteBuffer.allocate(payload.remaining()).put(payload).flip();
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

    /** Others see it there from now on. */
    void port(int outside) {
        port = outside;
    }

    /** On the host's scheduler. False if it has no room. */
    boolean deliver(Datagram datagram) {
        return received.tryEmitNext(datagram).isSuccess();
    }
}
