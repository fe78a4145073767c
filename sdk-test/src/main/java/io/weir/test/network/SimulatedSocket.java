package io.weir.test.network;

import io.weir.core.datagram.DatagramCounts;
import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.transport.DatagramCounter;
import io.weir.reactive.transport.DatagramSocket;
import io.weir.reactive.transport.SessionLoop;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/** A port of a host, as the sessions of a node stand on it. What comes at one moment is told as one batch. */
final class SimulatedSocket implements DatagramSocket {

    /** As many as Linux cuts out of one send, where they have 1,472 bytes. */
    private static final int MOST_SEGMENTS = 44;

    private final SimulatedNetwork network;
    private final DatagramEndpoint endpoint;
    private final SessionLoop loop;
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final Queue<Datagram> arrived = new ArrayDeque<>(); // until a task of the loop that is due takes them
    private final DatagramCounter counter = new DatagramCounter();
    private @Nullable Receiver receiver;
    private boolean ended;

    SimulatedSocket(SimulatedNetwork network, DatagramEndpoint endpoint, SessionLoop loop) {
        this.network = network;
        this.endpoint = endpoint;
        this.loop = loop;
    }

    @Override
    public SessionLoop loop() {
        return loop;
    }

    @Override
    public SocketAddress localAddress() {
        return network.addresses().socketAddress(network.addresses().path(endpoint.host(), endpoint.port()));
    }

    @Override
    public SocketAddress socketAddress(PathAddress address) {
        return network.addresses().socketAddress(address);
    }

    @Override
    public void receive(Receiver hearing) {
        if (receiver != null) {
            throw new IllegalStateException("somebody receives already");
        }
        receiver = Objects.requireNonNull(hearing, "hearing");
        if (ended) {
            loop.execute(() -> tell(to -> to.onClosed(null)));
        } else {
            endpoint.received().subscribe(this::arrive);
        }
    }

    private void arrive(Datagram datagram) {
        arrived.add(datagram);
        if (arrived.size() == 1) {
            loop.execute(this::deliver);
        }
    }

    private void deliver() {
        Datagram datagram;
        while ((datagram = arrived.poll()) != null) {
            ByteBuffer payload = datagram.payload();
            byte[] bytes = new byte[payload.remaining()];
            payload.get(bytes);
            PathAddress from = network.addresses().path(datagram.host(), datagram.port());
            Ecn mark = datagram.ecn();
            counter.onReceived();
            tell(to -> to.onDatagram(bytes, 0, bytes.length, from, mark));
        }
        if (!ended) {
            tell(Receiver::onReceived);
        }
    }

    private void tell(Consumer<Receiver> event) {
        Receiver hearing = receiver;
        if (hearing == null) {
            return;
        }
        try {
            event.accept(hearing);
        } catch (Throwable e) {
            Fault.report(e, Context.empty());
        }
    }

    @Override
    public void send(byte[] array, int offset, int length, int segmentBytes, PathAddress to, Ecn mark) {
        Objects.checkFromIndexSize(offset, length, array.length);
        if (segmentBytes < 1 || length < 1 || (length - 1) / segmentBytes >= MOST_SEGMENTS) {
            throw new IllegalArgumentException("length is " + length + ", in segments of " + segmentBytes
                    + "; legal: 1 to " + MOST_SEGMENTS + " segments of 1 byte or more");
        }
        if (ended) {
            return;
        }
        String host = network.addresses().name(to);
        for (int at = offset; at < offset + length; at += segmentBytes) {
            int bytes = Math.min(segmentBytes, offset + length - at);
            if (endpoint.send(ByteBuffer.wrap(array, at, bytes), host, to.port(), mark)) {
                counter.onSent(1);
            } else {
                counter.onRefused();
                loop.execute(() -> refused(bytes, to));
            }
        }
    }

    private void refused(int bytes, PathAddress to) {
        if (!ended) {
            tell(hearing -> hearing.onRefused(bytes, to));
        }
    }

    @Override
    public int mostSegments() {
        return MOST_SEGMENTS;
    }

    @Override
    public boolean writable() {
        return !ended;
    }

    @Override
    public DatagramCounts counts() {
        return counter.counts();
    }

    @Override
    public void close() {
        if (ended) {
            return;
        }
        ended = true;
        endpoint.close();
        arrived.clear();
        loop.execute(() -> {
            tell(to -> to.onClosed(null));
            closed.tryEmitEmpty();
        });
    }

    @Override
    public Mono<Void> onClose() {
        return closed.asMono();
    }
}
