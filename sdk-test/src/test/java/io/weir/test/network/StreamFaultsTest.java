package io.weir.test.network;

import static io.weir.test.network.RawLink.A;
import static io.weir.test.network.RawLink.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import io.weir.core.error.ConnectException;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each fault of the network as a bare stream link meets it: what TCP would make of it, to the millisecond. */
final class StreamFaultsTest {

    private static final Duration PATIENCE = Duration.ofHours(2);

    private final SimulatedNetwork network = SimulatedNetwork.seeded(7);
    private final Faults there = network.between(A, B);
    private final Faults back = network.between(B, A);

    @AfterEach
    void close() {
        network.close();
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    private long lines(String part) {
        return network.trace()
                .text()
                .lines()
                .filter(line -> line.contains(part))
                .count();
    }

    private static List<Integer> first(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @Test
    void latencyDelaysEachDirectionByItself() {
        RawLink link = RawLink.on(network);
        there.latency(millis(10));
        back.latency(millis(30));
        link.a.send(1, 100);
        link.b.send(2, 100);
        network.advance(millis(100));
        assertThat(link.b.millis()).containsExactly(10L);
        assertThat(link.a.millis()).containsExactly(30L);
    }

    @Test
    void connectingTakesOneRoundTripAndJoiningHalfAnother() {
        there.latency(millis(10));
        back.latency(millis(30));
        RawLink link = RawLink.dialling(network, millis(1_000));
        network.advance(millis(100));
        assertThat(link.a.attachedNanos).isEqualTo(40_000_000);
        assertThat(link.b.attachedNanos).isEqualTo(50_000_000);
    }

    @Test
    void jitterSpreadsArrivalsAndKeepsTheirOrder() {
        RawLink link = RawLink.on(network);
        there.latency(millis(10)).jitter(millis(20));
        Set<Long> delays = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            link.a.send(i, 50);
            network.advance(millis(100));
            long delay = link.b.arrivals.get(i).nanos() - i * 100_000_000L;
            assertThat(delay).isBetween(10_000_000L, 30_000_000L);
            delays.add(delay);
        }
        assertThat(delays).hasSizeGreaterThan(250);
        assertThat(delays.stream().mapToLong(nanos -> nanos).average().orElseThrow())
                .isCloseTo(20e6, within(1.5e6));

        for (int i = 300; i < 500; i++) {
            link.a.send(i, 50);
        }
        network.advance(millis(100));
        assertThat(link.b.numbers()).isEqualTo(first(500));
    }

    @Test
    void rateSpacesPacketsWithTheirHeaders() {
        RawLink link = RawLink.on(network);
        there.bytesPerSecond(100_000);
        for (int i = 0; i < 5; i++) {
            link.a.send(i, 960);
        }
        network.advance(millis(1_000));
        assertThat(link.b.millis()).containsExactly(10L, 20L, 30L, 40L, 50L);
    }

    @Test
    void queueTakesAsManyAsItsLimitAndTheRestIsRepeated() {
        RawLink link = RawLink.on(network);
        there.bytesPerSecond(100_000).queueLimit(5);
        for (int i = 0; i < 10; i++) {
            link.a.send(i, 960);
        }
        assertThat(lines("queue full")).isEqualTo(4);
        network.advance(PATIENCE);
        assertThat(link.b.numbers()).isEqualTo(first(10));
        assertThat(link.b.millis().get(5)).isEqualTo(60);
        assertThat(link.b.millis().get(6)).isEqualTo(210);
    }

    @Test
    void lostPacketIsRepeatedAfterTimeoutsThatDouble() {
        RawLink link = RawLink.on(network);
        network.profile(LinkProfile.PERFECT.withLatency(millis(10)));
        there.loss(1);
        link.a.send(0, 10);
        network.advance(millis(1));
        there.loss(0);
        link.a.send(1, 10);
        network.advance(millis(999));
        // 200 ms and a round trip, then the way: the one behind it waits
        assertThat(link.b.millis()).containsExactly(230L, 230L);

        there.loss(1);
        link.a.send(2, 10);
        network.advance(millis(221));
        there.loss(0);
        network.advance(millis(1_000));
        assertThat(link.b.millis().get(2)).isEqualTo(1_000 + 220 + 440 + 10);
    }

    @Test
    void lossTakesItsShareAndNothingIsMissing() {
        RawLink link = RawLink.on(network);
        there.loss(0.2);
        for (int i = 0; i < 1_000; i++) {
            link.a.send(i, 10);
        }
        assertThat(lines("loses")).isCloseTo(200, within(65L));
        network.advance(PATIENCE);
        assertThat(link.b.numbers()).isEqualTo(first(1_000));
    }

    @Test
    void lossInARowStopsAtTheLongestRun() {
        RawLink link = RawLink.on(network);
        there.loss(1).longestRun(3);
        link.a.send(0, 10);
        network.advance(PATIENCE);
        assertThat(lines("loses")).isEqualTo(3);
        assertThat(link.b.millis()).containsExactly(200L + 400 + 800);
    }

    @Test
    void burstsAreRepaired() {
        RawLink link = RawLink.on(network);
        there.burst(BurstLoss.of(0.05, 4));
        for (int i = 0; i < 600; i++) {
            link.a.send(i, 10);
        }
        assertThat(lines("burst")).isBetween(40L, 180L);
        network.advance(PATIENCE);
        assertThat(link.b.numbers()).isEqualTo(first(600));
    }

    @Test
    void damageBetraysItselfByTheChecksumAndIsRepaired() {
        RawLink link = RawLink.on(network);
        there.corruption(0.3);
        for (int i = 0; i < 300; i++) {
            link.a.send(i, 10);
        }
        assertThat(lines("checksum")).isCloseTo(90, within(40L));
        network.advance(PATIENCE);
        assertThat(link.b.numbers()).isEqualTo(first(300));
    }

    @Test
    void damageBeyondTheChecksumFlipsOneBitOfAPacket() {
        RawLink link = RawLink.on(network);
        there.corruptionBeyondChecksum(1);
        byte[] sent = new byte[1_000];
        new SplittableRandom(1).nextBytes(sent);
        link.a.send(sent.clone());
        network.settle();
        BitSet flipped = BitSet.valueOf(link.b.all());
        flipped.xor(BitSet.valueOf(sent));
        assertThat(link.b.all()).hasSameSizeAs(sent);
        assertThat(flipped.cardinality()).isEqualTo(1);
    }

    @Test
    void duplicatesAndDisorderLeaveNoTrace() {
        RawLink link = RawLink.on(network);
        there.latency(millis(10)).duplication(1).reordering(1);
        for (int i = 0; i < 100; i++) {
            link.a.send(i, 10);
        }
        network.advance(millis(10));
        assertThat(link.b.numbers()).isEqualTo(first(100));
    }

    @Test
    void mtuCutsBytesIntoPackets() {
        RawLink link = RawLink.on(network);
        there.mtu(576);
        byte[] sent = new byte[2_000];
        new SplittableRandom(1).nextBytes(sent);
        link.a.send(sent.clone());
        network.settle();
        assertThat(link.b.arrivals)
                .extracting(arrival -> arrival.bytes().length)
                .containsExactly(536, 536, 536, 392);
        assertThat(link.b.all()).isEqualTo(sent);
    }

    @Test
    void oneWayPartitionStopsOneDirectionUntilItHeals() {
        RawLink link = RawLink.on(network);
        network.partitionOneWay(A, B);
        link.a.send(0, 10);
        link.b.send(1, 10);
        network.advance(millis(500));
        assertThat(link.b.arrivals).isEmpty();
        assertThat(link.a.numbers()).containsExactly(1);
        network.heal();
        network.advance(millis(500));
        assertThat(link.b.numbers()).containsExactly(0);
    }

    @Test
    void fullPartitionStopsBothAndHealingTakesAsLongAgainAtMost() {
        RawLink link = RawLink.on(network);
        network.partition(Set.of(A), Set.of(B));
        link.a.send(0, 10);
        link.b.send(1, 10);
        network.advance(Duration.ofSeconds(10));
        assertThat(link.a.arrivals).isEmpty();
        assertThat(link.b.arrivals).isEmpty();
        network.heal();
        network.advance(Duration.ofSeconds(10));
        assertThat(link.a.numbers()).containsExactly(1);
        assertThat(link.b.numbers()).containsExactly(0);
    }

    @Test
    void senderGivesUpAfterAQuarterOfAnHourAndItsPeerDoesNotKnow() {
        RawLink link = RawLink.on(network);
        network.partition(Set.of(A), Set.of(B));
        link.a.send(0, 10);
        network.advance(Duration.ofMinutes(13));
        assertThat(link.a.inputFailure).isNull();
        network.advance(Duration.ofMinutes(4));
        assertThat(link.a.inputFailure).isInstanceOf(IOException.class).hasMessage("connection timed out");
        assertThat(link.a.outputFailure).isInstanceOf(IOException.class);
        assertThat(link.b.inputFailure).isNull();
        assertThat(link.b.inputEnded).isFalse();
    }

    @Test
    void dialAcrossAPartitionFailsAtItsTimeout() {
        network.partitionOneWay(A, B);
        RawLink link = RawLink.dialling(network, millis(2_500));
        network.advance(millis(2_499));
        assertThat(link.failure).isNull();
        network.advance(millis(1));
        assertThat(link.failure).isInstanceOf(ConnectException.class);
        network.advance(PATIENCE);
        assertThat(network.links()).isZero();
        assertThat(network.timers()).isZero();
    }

    @Test
    void lostDialIsRepeatedAfterASecond() {
        there.loss(1);
        RawLink link = RawLink.dialling(network, millis(5_000));
        network.advance(millis(1));
        there.loss(0);
        network.advance(millis(4_000));
        assertThat(link.a.attachedNanos).isEqualTo(1_000_000_000);
    }

    @Test
    void blackHoleSwallowsByTurns() {
        RawLink link = RawLink.on(network);
        there.blackHole(new BlackHole(millis(500), millis(200)));
        for (int i = 0; i < 14; i++) {
            link.a.send(i, 10);
            network.advance(millis(100));
        }
        // those of 500 and 600 ms, and of 1,200 and 1,300 ms, are lost at first
        assertThat(lines("black hole")).isEqualTo(4);
        network.advance(PATIENCE);
        assertThat(link.b.numbers()).isEqualTo(first(14));
        assertThat(link.b.millis())
                .containsExactly(
                        0L, 100L, 200L, 300L, 400L, 700L, 800L, 800L, 800L, 900L, 1_000L, 1_100L, 1_400L, 1_500L);
    }

    @Test
    void blackHoleEndsWhenItIsTakenAway() {
        RawLink link = RawLink.on(network);
        there.blackHole(new BlackHole(Duration.ZERO, millis(200)));
        link.a.send(0, 10);
        network.advance(millis(150));
        assertThat(link.b.arrivals).isEmpty();
        there.blackHole(null);
        network.advance(millis(50));
        assertThat(link.b.numbers()).containsExactly(0);
    }

    @Test
    void addressChangeKillsTheLinkAtWhoeverSends() {
        RawLink link = RawLink.on(network);
        network.profile(LinkProfile.PERFECT.withLatency(millis(10)));
        network.changeAddress(A);
        assertThat(network.addressOf(A)).isNotEqualTo(A);
        link.b.send(1, 10);
        network.advance(Duration.ofSeconds(30));
        assertThat(link.a.arrivals).isEmpty();
        assertThat(link.b.inputFailure).isNull();
        link.a.send(0, 10);
        network.advance(millis(19));
        assertThat(link.a.inputFailure).isNull();
        network.advance(millis(1));
        assertThat(link.a.inputFailure).isInstanceOf(IOException.class).hasMessage("connection reset by peer");
        assertThat(link.b.arrivals).isEmpty();
        network.advance(PATIENCE);
        assertThat(link.b.inputFailure).isInstanceOf(IOException.class).hasMessage("connection timed out");
    }

    @Test
    void newLinkComesFromTheNewAddress() {
        network.changeAddress(A);
        RawLink link = RawLink.on(network);
        assertThat(link.b.link.remoteAddress().toString()).contains(network.addressOf(A));
        link.a.send(0, 10);
        assertThat(link.b.numbers()).containsExactly(0);
    }

    @Test
    void resetBreaksBothEndsAndLosesWhatIsUnderWay() {
        RawLink link = RawLink.on(network);
        there.latency(millis(10));
        link.a.send(0, 10);
        network.reset(A, B);
        network.advance(millis(100));
        assertThat(link.a.inputFailure).isInstanceOf(IOException.class);
        assertThat(link.b.inputFailure).isInstanceOf(IOException.class);
        assertThat(link.b.arrivals).isEmpty();
        assertThat(network.links()).isZero();
    }

    @Test
    void resetWhileTheDiallerIsFrozenLeavesNothingBehind() {
        network.profile(LinkProfile.PERFECT.withLatency(millis(10)));
        RawLink link = RawLink.dialling(network, millis(1_000));
        network.advance(millis(15));
        network.freeze(A, millis(100));
        network.advance(millis(20));
        // the answer waits at the dialler, and behind it the reset
        network.reset(A, B);
        network.advance(millis(1_000));
        assertThat(link.b.link).isNull();
        assertThat(network.links()).isZero();
    }

    @Test
    void linkWhoseDiallerMovesBeforeItHasJoinedLeavesNothingBehind() {
        network.profile(LinkProfile.PERFECT.withLatency(millis(10)));
        RawLink link = RawLink.dialling(network, millis(1_000));
        network.advance(millis(15));
        network.changeAddress(A);
        network.advance(millis(1_000));
        assertThat(link.b.link).isNull();
        assertThat(network.links()).isZero();
    }

    @Test
    void linkThatIsHalfClosedBeforeItHasJoinedLeavesNothingBehind() {
        network.profile(LinkProfile.PERFECT.withLatency(millis(10)));
        RawLink link = RawLink.dialling(network, millis(1_000));
        network.advance(millis(15));
        network.halfClose(A, B);
        network.advance(millis(1_000));
        assertThat(link.b.link).isNull();
        link.a.link.close();
        network.advance(millis(1_000));
        assertThat(network.links()).isZero();
    }

    @Test
    void resetOfOnePairLeavesOthersAlone() {
        RawLink link = RawLink.on(network);
        network.reset(A, "c");
        network.reset("c", B);
        link.a.send(0, 10);
        assertThat(link.b.numbers()).containsExactly(0);
    }

    @Test
    void halfCloseEndsOneInputAndItsSenderIsNotTold() {
        RawLink link = RawLink.on(network);
        link.a.send(0, 10);
        network.halfClose(A, B);
        network.settle();
        assertThat(link.b.inputEnded).isTrue();
        link.a.send(1, 10);
        link.b.send(2, 10);
        network.advance(Duration.ofSeconds(10));
        assertThat(link.b.numbers()).containsExactly(0);
        assertThat(link.a.numbers()).containsExactly(2);
        assertThat(link.a.inputEnded).isFalse();
        assertThat(link.a.outputFailure).isNull();
    }

    @Test
    void frozenHostRunsLateInOrderAndFindsThatItsClockHasJumped() {
        RawLink link = RawLink.on(network);
        StringBuilder ran = new StringBuilder();
        link.b.link.loop().schedule(() -> ran.append("first ").append(network.nowNanos() / 1_000_000), 50_000_000);
        link.b.link.loop().schedule(() -> ran.append(" second"), 60_000_000);
        network.freeze(B, millis(300));
        for (int i = 0; i < 3; i++) {
            link.a.send(i, 10);
            network.advance(millis(10));
        }
        link.b.send(9, 10);
        network.advance(millis(269));
        assertThat(link.b.arrivals).isEmpty();
        assertThat(ran).isEmpty();
        network.advance(millis(1));
        assertThat(link.b.numbers()).isEqualTo(first(3));
        assertThat(link.b.millis()).containsOnly(300L);
        assertThat(ran).hasToString("first 300 second");
        assertThat(link.a.millis()).containsExactly(300L);
    }

    @Test
    void figuresOutOfRangeAreNamed() {
        assertThat(catchThrowable(() -> there.loss(1.1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("loss is 1.1, must be from 0 to 1");
        assertThat(catchThrowable(() -> there.mtu(100))).hasMessage("mtu is 100, must be from 576 to 65535");
        assertThat(catchThrowable(() -> there.queueLimit(0))).hasMessage("queueLimit is 0, must be from 1 to 1000000");
        assertThat(catchThrowable(() -> there.latency(millis(-1))))
                .hasMessage("latency is PT-0.001S, must be from 0 to PT1H");
        assertThat(there.profile()).isEqualTo(LinkProfile.PERFECT);
    }
}
