package io.weir.test.datagram;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;

/** Elements that say when they were made, and how long they have taken to those who receive them. */
final class Ticks {

    private final Ends ends;
    private final List<Long> latencies = new ArrayList<>();

    Ticks(Ends ends) {
        this.ends = ends;
    }

    /** So many elements of so many bytes, at such times from the subscription on. */
    static Flux<byte[]> every(Ends ends, Duration first, Duration period, int bytes, int count) {
        return Flux.interval(first, period, ends.network.time())
                .take(count)
                .map(i -> ByteBuffer.allocate(bytes)
                        .putLong(ends.network.nowNanos())
                        .array())
                .onBackpressureBuffer(count);
    }

    /** Receives a stream of them, over the client's session. */
    void receive(String stream) {
        ends.session()
                .openStream(stream, StreamConfig.reliable())
                .receive(Codec.bytes())
                .subscribe(tick -> latencies.add(
                        ends.network.nowNanos() - ByteBuffer.wrap(tick).getLong()));
    }

    int count() {
        return latencies.size();
    }

    /** Of all that have come, 99 of 100 have not taken longer. */
    long p99Nanos() {
        return percentileNanos(99);
    }

    long percentileNanos(int percent) {
        List<Long> ascending = latencies.stream().sorted().toList();
        return ascending.get(ascending.size() * percent / 100);
    }
}
