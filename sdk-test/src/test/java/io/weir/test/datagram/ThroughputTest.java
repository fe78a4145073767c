package io.weir.test.datagram;

import static io.weir.test.datagram.Ends.CLIENT;
import static io.weir.test.datagram.Ends.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.DatagramFate;
import io.weir.test.network.LinkProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What sessions over datagrams make of a path, in virtual time: exact, the same each time. Goodput is of elements' bytes. */
@Tag("once")
final class ThroughputTest {

    private static final int LARGE = 16_000;

    private static Ends endless(long seed, LinkProfile profile) {
        return new Ends(seed, profile).stream("endless", Ends.endless(LARGE));
    }

    /** Of the path's bits, headers and all, those that were payload in the time that begins now. */
    private static double share(Ends ends, Intake intake, double mbit, long millis) {
        long before = intake.bytes();
        ends.advanceMillis(millis);
        return (intake.bytes() - before) / (mbit * 125_000 * millis / 1_000);
    }

    @ParameterizedTest(name = "{0} Mbit/s, {1} ms")
    @CsvSource({"1000, 20", "160, 50"})
    void aPathIsFilledTo90PercentWithinThreeSeconds(double mbit, long roundTripMillis) {
        try (Ends ends = endless(1, Ends.path(mbit, roundTripMillis)).start()) {
            Intake intake = ends.receive("endless");
            ends.advanceMillis(2_000);
            assertThat(share(ends, intake, mbit, 1_000)).isGreaterThan(0.9);
            intake.assertRight();
        }
    }

    /** 160 Mbit/s at 50 ms hold 1 MB, and the queue as much again: a window of 1 MiB is what is under way and no more. */
    @Test
    void aFixedWindowOfAMebibyteJustStarvesThere() {
        try (Ends ends = endless(1, Ends.path(160, 50)).start()) {
            Intake fixed = ends.receive("endless", StreamConfig.reliable().withFixedWindow(1 << 20));
            ends.advanceMillis(2_000);
            assertThat(share(ends, fixed, 160, 1_000)).isBetween(0.5, 0.9);
            fixed.assertRight();
        }
    }

    /**
     * CUBIC by itself uses 7 Mbit/s there, by its formula (RFC 9438 section 4.3). Nodes have no setting for that; of the path alone it is
     * tested in the core, of a session's carrier in {@code PacketPathTest}.
     */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void onePercentOfLossByChanceLeavesThePathFull(long seed) {
        double mbit = 20;
        try (Ends ends = endless(seed, Ends.path(mbit, 20)).start()) {
            ends.network.between(SERVER, CLIENT).loss(0.01);
            Intake intake = ends.receive("endless");
            ends.advanceMillis(20_000);
            intake.assertRight();
            assertThat((double) intake.bytes()).isGreaterThan(0.85 * 20 * mbit * 125_000);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void twoSessionsShareABottleneckEvenly(long seed) {
        double mbit = 20;
        LinkProfile profile = Ends.path(mbit, 20);
        try (Ends ends =
                endless(seed, profile.withQueueLimit(profile.queueLimit() / 2)).start()) {
            Intake first = ends.receive("endless");
            Intake second = secondClient(ends);
            ends.advanceMillis(30_000);
            double both = first.bytes() + second.bytes();
            assertThat(both).isGreaterThan(0.9 * 30 * mbit * 125_000);
            assertThat(first.bytes() / both).isBetween(0.4, 0.6);
        }
    }

    /** Another node on the client's host, and so at the same bottleneck. */
    private static Intake secondClient(Ends ends) {
        List<PeerNode> nodes = new ArrayList<>();
        ends.start(ends.network.node(CLIENT).identity(ends.network.identity("second")), nodes::add);
        List<PeerSession> sessions = new ArrayList<>();
        nodes.get(0).connect(ends.network.address(SERVER)).subscribe(sessions::add);
        ends.advanceUntil(() -> !sessions.isEmpty(), Duration.ofSeconds(5));
        return new Intake(
                ends.network::nowNanos,
                sessions.get(0).openStream("endless", StreamConfig.reliable()).receive(Codec.bytes()));
    }

    /** A packet has room for one of either. */
    @Test
    void messagesAndAStreamEachHaveHalfOfThePath() {
        double mbit = 20;
        AtomicLong messages = new AtomicLong();
        AtomicLong elements = new AtomicLong();
        try (Ends ends = new Ends(1, Ends.path(mbit, 20))
                .with(spec -> spec.onMessage("m", message -> {
                            messages.addAndGet(message.payload().remaining());
                            return Mono.empty();
                        })
                        .onStream(
                                "sink",
                                stream -> stream.receive(Codec.bytes())
                                        .doOnNext(element -> elements.addAndGet(element.length))
                                        .then()))
                .start()) {
            Flux<byte[]> endless = Ends.endless(Ends.ELEMENT);
            ends.session()
                    .openStream("sink", StreamConfig.reliable())
                    .send(endless, Codec.bytes())
                    .subscribe();
            endless.flatMap(payload -> ends.session().send("m", payload, Codec.bytes()), 256)
                    .subscribe();
            ends.advanceMillis(2_000);
            messages.set(0);
            elements.set(0);
            ends.advanceMillis(5_000);
            double both = messages.get() + elements.get();
            assertThat(both).isGreaterThan(0.8 * 5 * mbit * 125_000);
            assertThat(messages.get() / both).isBetween(0.45, 0.55);
        }
    }

    /** 2^20 packets are sealed with one key: the next one is there when it is wanted. */
    @Test
    void aRekeyIsNoPause() {
        long[] packets = new long[1];
        try (Ends ends = endless(1, Ends.path(1_000, 4)).start()) {
            ends.network.between(SERVER, CLIENT).rule((number, payload) -> {
                packets[0] = number;
                return DatagramFate.PASSES;
            });
            Intake intake = ends.receive("endless");
            ends.advanceUntil(() -> packets[0] > (1 << 20) - 5_000, Duration.ofSeconds(20));
            intake.resetGap();
            ends.advanceUntil(() -> packets[0] > (1 << 20) + 5_000, Duration.ofSeconds(1));
            assertThat(intake.longestGapNanos()).isLessThan(5_000_000L);
            intake.assertRight();
        }
    }
}
