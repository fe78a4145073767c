package io.weir.test.rogue;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Link;
import io.weir.test.network.SimulatedNetwork;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/**
 * Over a link of a simulated network. Time does not pass in any call, but everything happens that needs none. The host
 * reads only inside {@link #read} and {@link #poll}.
 */
final class SimulatedWire implements RogueWire {

    private static final byte[] NOTHING = new byte[0];

    private final SimulatedNetwork network;
    private final String host;
    private final Link link;
    private final Sinks.Many<ByteBuffer> output = Sinks.many().unicast().onBackpressureBuffer();
    private final Deque<byte[]> input = new ArrayDeque<>();
    private boolean subscribed;
    private boolean ended;

    SimulatedWire(SimulatedNetwork network, String host, Link link) {
        this.network = network;
        this.host = host;
        this.link = link;
        link.send(output.asFlux()).subscribe(null, e -> {}, link::closeOutput);
    }

    static SimulatedWire dial(SimulatedNetwork network, String host, PeerAddress address) {
        AtomicReference<Link> dialled = new AtomicReference<>();
        network.stopReading(host);
        network.transport(host).connect(address, Duration.ofSeconds(1)).subscribe(dialled::set);
        network.settle();
        Link link = Objects.requireNonNull(dialled.get(), () -> "no link to " + address + " without time passing");
        return new SimulatedWire(network, host, link);
    }

    @Override
    public void write(byte[] bytes) {
        link.loop().execute(() -> output.tryEmitNext(ByteBuffer.wrap(bytes)));
        network.settle();
    }

    @Override
    public byte @Nullable [] read() {
        byte[] next = poll();
        if (next != null && next.length == 0) {
            throw new AssertionError("the node says nothing");
        }
        return next;
    }

    @Override
    public byte @Nullable [] poll() {
        if (input.isEmpty()) {
            readAll();
        }
        byte[] next = input.poll();
        return next != null || ended ? next : NOTHING;
    }

    private void readAll() {
        network.startReading(host);
        if (!subscribed) {
            subscribed = true;
            link.inbound().subscribe(this::keep, e -> ended = true, () -> ended = true);
        }
        network.settle();
        network.stopReading(host);
    }

    private void keep(ByteBuffer chunk) {
        byte[] bytes = new byte[chunk.remaining()];
        chunk.get(bytes);
        input.add(bytes);
    }

    @Override
    public SocketAddress source() {
        return link.localAddress();
    }

    @Override
    public void closeOutput() {
        link.loop().execute(output::tryEmitComplete);
        network.settle();
    }

    @Override
    public void abort() {
        network.reset(host);
        network.settle();
    }

    @Override
    public void close() {
        network.startReading(host);
        link.close();
        network.settle();
    }
}
