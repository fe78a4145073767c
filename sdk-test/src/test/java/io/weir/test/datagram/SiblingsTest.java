package io.weir.test.datagram;

import static io.weir.test.datagram.Ends.CLIENT;
import static io.weir.test.datagram.Ends.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.DatagramFate;
import io.weir.test.network.LinkProfile;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * What a stream that stalls or loses packets does to a sibling of which little is under way: next to nothing. Virtual time, so exact.
 * {@link BusySiblingsTest} has many that are busy.
 */
@Tag("once")
final class SiblingsTest {

    private static final int TICKS = 5_000;
    private static final LinkProfile PATH = LinkProfile.PERFECT.withLatency(Duration.ofMillis(10));

    /** 1,000 bytes each 20 ms, between two ticks, and so is what goes again. */
    private static Flux<byte[]> between(Ends ends) {
        return Flux.interval(Duration.ofNanos(3_300_000), Duration.ofMillis(20), ends.network.time())
                .map(i -> new byte[Ends.ELEMENT])
                .onBackpressureBuffer(1_000);
    }

    private static Ends ends(long seed) {
        Ends ends = new Ends(seed, PATH);
        Duration period = Duration.ofMillis(10);
        return ends.stream("ticks", Ticks.every(ends, period, period, Long.BYTES, TICKS)).stream(
                "between", between(ends))
                .stream("endless", Ends.endless(1_000));
    }

    /** Of the ticks, until all have come. */
    private static long p99(Ends ends) {
        Ticks ticks = new Ticks(ends);
        ticks.receive("ticks");
        ends.advance(Duration.ofMillis(10 * TICKS + 1_000));
        assertThat(ticks.count()).isEqualTo(TICKS);
        return ticks.p99Nanos();
    }

    /** Only packets of the other stream are lost: what they wait for is no matter to the ticks, any of them. */
    @Test
    void aStreamThatLosesPacketsKeepsNoSiblingWaiting() {
        try (Ends ends = ends(1).start()) {
            SplittableRandom random = new SplittableRandom(1);
            long began = ends.network.nowNanos();
            int[] lost = new int[1];
            ends.session()
                    .openStream("between", StreamConfig.reliable())
                    .receive(Codec.bytes())
                    .subscribe();
            ends.network.between(SERVER, CLIENT).rule((number, payload) -> {
                boolean large = payload.remaining() > Ends.ELEMENT;
                if (large && ends.network.nowNanos() - began > 100_000_000 && random.nextDouble() < 0.01) {
                    lost[0]++;
                    return DatagramFate.LOST;
                }
                return DatagramFate.PASSES;
            });
            long p99 = p99(ends);
            assertThat(lost[0]).isGreaterThan(15);
            assertThat(p99).isBetween(10_000_000L, 11_000_000L);
        }
    }

    /** Nobody reads the other stream: it stands still with its window full. */
    @Test
    void aStreamThatStallsAddsUnderAMillisecond() {
        for (long seed = 1; seed <= 3; seed++) {
            long alone = p99WithLoss(seed, ends -> {});
            long beside = p99WithLoss(seed, SiblingsTest::stall);
            assertThat(beside - alone).as("seed %d", seed).isLessThan(1_000_000L);
        }
    }

    /** The other stream says 1,000 bytes each 20 ms. */
    @Test
    void aStreamThatLosesPacketsAddsUnderAMillisecond() {
        for (long seed = 1; seed <= 3; seed++) {
            long alone = p99WithLoss(seed, ends -> {});
            long beside = p99WithLoss(
                    seed,
                    ends -> ends.session()
                            .openStream("between", StreamConfig.reliable())
                            .receive(Codec.bytes())
                            .subscribe());
            assertThat(beside - alone).as("seed %d", seed).isLessThan(1_000_000L);
        }
    }

    /**
     * Everything is lost at 1 %: of the ticks the same ones each time, as far as the packets of other streams, which are larger,
     * are told from theirs.
     */
    private static long p99WithLoss(long seed, Consumer<Ends> sibling) {
        try (Ends ends = ends(seed).start()) {
            SplittableRandom small = new SplittableRandom(seed);
            SplittableRandom large = new SplittableRandom(-seed);
            sibling.accept(ends);
            ends.advanceMillis(500);
            ends.network.between(SERVER, CLIENT).rule((number, payload) -> {
                SplittableRandom random = payload.remaining() > Ends.ELEMENT ? large : small;
                return random.nextDouble() < 0.01 ? DatagramFate.LOST : DatagramFate.PASSES;
            });
            return p99(ends);
        }
    }

    /** Nobody reads the endless stream behind its first element. */
    static void stall(Ends ends) {
        ends.session()
                .openStream("endless", StreamConfig.reliable())
                .receive(Codec.bytes())
                .subscribe(new BaseSubscriber<>() {
                    @Override
                    protected void hookOnSubscribe(Subscription subscription) {
                        request(1);
                    }
                });
    }
}
