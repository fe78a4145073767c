package io.weir.test.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** A client and a server on a simulated network; the server has a stream of numbered elements. */
final class TwoNodes implements AutoCloseable {
    static final String CLIENT = "client";
    static final String SERVER = "server";

    final SimulatedNetwork network;
    final List<PeerEvent> events = new ArrayList<>();
    final List<Integer> received = new ArrayList<>();
    final List<String> ends = new ArrayList<>();

    /** Why connecting or receiving failed, if it did. */
    @Nullable
    Throwable failure;

    private final int elementBytes;
    private final List<PeerNode> nodes = new ArrayList<>();
    private @Nullable PeerSession session;

    TwoNodes(SimulatedNetwork network, int elements, int elementBytes) {
        this(network, elements, elementBytes, NodeLimits.defaults());
    }

    TwoNodes(SimulatedNetwork network, int elements, int elementBytes, NodeLimits limits) {
        this.network = network;
        this.elementBytes = elementBytes;
        start(network.listener(SERVER)
                .limits(limits)
                .onStream(
                        "numbers",
                        StreamConfig.reliable(),
                        stream -> stream.send(
                                Flux.range(0, elements).map(i -> element(i, elementBytes)), Codec.bytes())));
        start(network.node(CLIENT).limits(limits).onEvent(events::add));
    }

    private void start(PeerNodeSpec spec) {
        spec.start().subscribe(nodes::add);
        network.settle();
    }

    /** Dials, again and again if need be, and reads the numbers. */
    void begin() {
        nodes.get(1).connect(network.address(SERVER)).subscribe(this::read, this::failed);
    }

    private void read(PeerSession ready) {
        session = ready;
        ready.openStream("numbers", StreamConfig.reliable())
                .receive(Codec.bytes())
                .subscribe(bytes -> received.add(number(bytes)), this::failed, () -> ends.add("complete"));
    }

    private void failed(Throwable e) {
        failure = e;
        ends.add(e.toString());
    }

    /** That of a whole and undamaged element, or -1. */
    private int number(byte[] bytes) {
        int number = bytes.length < Integer.BYTES ? -1 : ByteBuffer.wrap(bytes).getInt();
        return Arrays.equals(bytes, element(number, elementBytes)) ? number : -1;
    }

    boolean hasSession() {
        return session != null;
    }

    /** Time until everything was received; fails beyond the limit. */
    Duration transfer(Duration limit) {
        long began = network.nowNanos();
        begin();
        assertThat(network.advanceUntil(() -> !ends.isEmpty(), limit))
                .as(network::report)
                .isTrue();
        return Duration.ofNanos(network.nowNanos() - began);
    }

    /** Closes both nodes; nothing may be left of them. */
    @Override
    public void close() {
        nodes.forEach(PeerNode::dispose);
        boolean quiet =
                network.advanceUntil(() -> network.links() == 0 && network.timers() == 0, Duration.ofMinutes(20));
        assertThat(quiet).as(network::report).isTrue();
        network.close();
    }

    private static byte[] element(int number, int bytes) {
        return ByteBuffer.allocate(bytes).putInt(number).array();
    }
}
