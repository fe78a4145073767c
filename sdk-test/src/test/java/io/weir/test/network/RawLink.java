package io.weir.test.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.transport.Link;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/** A bare stream link from host A to host B of a simulated network, with everything that its two ends see. */
final class RawLink {

    static final String A = "a";
    static final String B = "b";

    final SimulatedNetwork network;
    final End a = new End();
    final End b = new End();

    @Nullable
    Throwable failure;

    private RawLink(SimulatedNetwork network) {
        this.network = network;
    }

    /** Joined already, over a network that is perfect at that moment. */
    static RawLink on(SimulatedNetwork network) {
        RawLink link = dialling(network, Duration.ofSeconds(10));
        network.settle();
        assertThat(link.a.link).isNotNull();
        assertThat(link.b.link).isNotNull();
        return link;
    }

    /** Begins to dial. */
    static RawLink dialling(SimulatedNetwork network, Duration timeout) {
        RawLink link = new RawLink(network);
        network.transport(B).listen(network.address(B), link.b::attach).subscribe();
        network.transport(A).connect(network.address(B), timeout).subscribe(link.a::attach, e -> link.failure = e);
        return link;
    }

    /** A piece that has arrived, and when. */
    record Arrival(long nanos, byte[] bytes) {

        int number() {
            return ByteBuffer.wrap(bytes).getInt();
        }
    }

    /** One end. */
    final class End {
        final List<Arrival> arrivals = new ArrayList<>();
        private final Sinks.Many<ByteBuffer> output = Sinks.many().unicast().onBackpressureBuffer();

        @Nullable
        Link link;

        @Nullable
        Throwable inputFailure;

        @Nullable
        Throwable outputFailure;

        boolean inputEnded;
        long attachedNanos;

        private void attach(Link attached) {
            link = attached;
            attachedNanos = network.nowNanos();
            attached.inbound()
                    .subscribe(
                            chunk -> {
                                byte[] bytes = new byte[chunk.remaining()];
                                chunk.get(bytes);
                                arrivals.add(new Arrival(network.nowNanos(), bytes));
                            },
                            e -> inputFailure = e,
                            () -> inputEnded = true);
            attached.send(output.asFlux()).subscribe(none -> {}, e -> outputFailure = e);
        }

        /** Writes so many bytes that begin with a number. */
        void send(int number, int bytes) {
            byte[] content = new byte[bytes];
            Arrays.fill(content, (byte) number);
            send(ByteBuffer.wrap(content).putInt(0, number).array());
        }

        void send(byte[] bytes) {
            Objects.requireNonNull(link).loop().execute(() -> output.tryEmitNext(ByteBuffer.wrap(bytes)));
            network.settle();
        }

        List<Integer> numbers() {
            return arrivals.stream().map(Arrival::number).toList();
        }

        List<Long> millis() {
            return arrivals.stream().map(arrival -> arrival.nanos() / 1_000_000).toList();
        }

        byte[] all() {
            ByteBuffer all = ByteBuffer.allocate(arrivals.stream()
                    .mapToInt(arrival -> arrival.bytes().length)
                    .sum());
            arrivals.forEach(arrival -> all.put(arrival.bytes()));
            return all.array();
        }
    }
}
