package io.weir.reactive.session.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import io.weir.core.path.Ecn;
import io.weir.core.path.Path;
import io.weir.core.path.PathSettings;
import io.weir.core.path.PathStats;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Hello;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.PacketRange;
import io.weir.core.wire.SessionFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much goes out, when, how large, and what becomes of what is lost. */
class PacketPathTest {

    private static final long SECOND = 1_000 * PacketWire.MILLI;
    private static final int DATAGRAM = 1_472;

    @Test
    void withoutAcknowledgementNoMoreThanTheWindowGoes() {
        RawPair pair = new RawPair().start();

        pair.run(() -> pair.talker.endless = 1_000_000);
        pair.run(pair.talker.carrier::wake);
        pair.pass(50);

        long bytes =
                pair.came().stream().mapToLong(RawEnd.Opened::datagramBytes).sum();
        assertThat(bytes).isBetween(9L * 1_200, pair.talker.carrier.stats().congestionWindowBytes());
        assertThat(pair.talker.carrier.takesMore()).isFalse();
    }

    /**
     * RFC 9438 section 4.3: where the round trip is short, the average window is that of Reno, sqrt(3 / (2 p)) datagrams. Nodes tolerate
     * losses by chance, and use more; these do not.
     */
    @Test
    void goodputOfCubicAloneUnderRandomLossIsWhatItsFormulaAllows() {
        double sum = 0;
        for (long seed = 1; seed <= 5; seed++) {
            sum += strictGoodput(seed, 0.01);
        }

        double formula = Math.sqrt(1.5 / 0.01) * (1 - 0.01) * DATAGRAM / 0.020;
        assertThat(sum / 5).isCloseTo(formula, withPercentage(10));
    }

    /** Bytes a second of datagrams that arrive, where nothing else but loss bounds them; 20 ms of round trip. */
    private static double strictGoodput(long seed, double loss) {
        Ends ends = new Ends(seed, PathSettings.defaults().withTolerance(false)).start();
        ends.wire.bytesPerSecond = 1L << 40;
        ends.wire.loss = loss;
        ends.first.endless = Long.MAX_VALUE;
        ends.run(ends.first.carrier::wake);
        ends.pass(5_000);
        long before = arrived(ends);
        ends.pass(30_000);
        return (arrived(ends) - before) * DATAGRAM / 30.0;
    }

    private static long arrived(Ends ends) {
        PathStats stats = ends.first.carrier.stats();
        return stats.sentPackets() - stats.lostPackets();
    }

    @Test
    void firstWindowIsPacedOverTheRoundTrip() {
        Ends ends = new Ends(1).start();
        ends.pass(500);
        long window = ends.first.carrier.stats().congestionWindowBytes();
        int before = ends.wire.sentBy(ends.first.socket()).size();

        ends.first.endless = 1_000_000;
        ends.run(ends.first.carrier::wake);
        long atOnce = bytes(ends.wire.sentBy(ends.first.socket()), before);
        ends.pass(15);
        long later = bytes(ends.wire.sentBy(ends.first.socket()), before);

        assertThat(window).isGreaterThan(10 * 1_200);
        assertThat(atOnce).isLessThan(window);
        assertThat(later).isBetween(window - 1_500, window + 1_500);
    }

    private static long bytes(List<PacketWire.Sent> sent, int from) {
        return sent.stream()
                .skip(from)
                .mapToLong(datagram -> datagram.bytes().length)
                .sum();
    }

    @Test
    void datagramsOfOneSizeGoToTheSocketTogether() {
        Ends fresh = new Ends(1, PathSettings.defaults(), 64).start();
        fresh.pass(500);

        fresh.first.endless = 1_000_000;
        fresh.run(fresh.first.carrier::wake);
        fresh.pass(1_000);

        long datagrams = fresh.wire.sentBy(fresh.first.socket()).size();
        assertThat(datagrams / fresh.first.socket().calls).isGreaterThanOrEqualTo(4);
        assertThat(fresh.second.heard.size()).isGreaterThan(10_000);
    }

    @Test
    void afterATimeOutTwoSmallPacketsGoWhateverTheWindowSays() {
        RawPair pair = new RawPair().start();
        pair.run(() -> pair.talker.endless = 1_000_000);
        pair.run(pair.talker.carrier::wake);
        pair.pass(50);
        int before = pair.came().size();

        pair.pass(100);

        List<RawEnd.Opened> probes = pair.came().subList(before, pair.came().size());
        assertThat(probes).hasSize(2);
        assertThat(probes).allMatch(packet -> packet.datagramBytes() <= Path.LOSS_PROBE_BYTES);
        assertThat(probes).allMatch(packet -> packet.has(CreditFrame.Window.class));
        assertThat(pair.talker.lost.keySet()).contains(0L);
    }

    @Test
    void probesHaveHeartbeatsWhereNothingIsDue() {
        RawPair pair = new RawPair().start();
        pair.run(pair.talker.carrier::wake);
        pair.run(() -> pair.talker.onPing(5));
        pair.pass(15);
        assertThat(pair.came()).hasSize(1); // PONG, which is not repeated
        pair.pass(150);

        assertThat(pair.came().size()).isGreaterThanOrEqualTo(3);
        assertThat(pair.came().subList(1, 3)).allMatch(packet -> packet.has(SessionFrame.Heartbeat.class));
    }

    @Test
    void probesComeMoreAndMoreSeldomAndEachFiveSecondsAtTheLatest() {
        RawPair pair = new RawPair().start();
        pair.run(() -> pair.talker.say(1));
        pair.pass(120_000);

        List<Long> times =
                pair.came().stream().map(RawEnd.Opened::atNanos).distinct().toList();
        assertThat(times.size()).isBetween(24, 32);
        for (int i = 3; i < times.size(); i++) {
            long before = times.get(i - 1) - times.get(i - 2);
            assertThat(times.get(i) - times.get(i - 1))
                    .isGreaterThan(Math.min(3 * before / 2, 49 * SECOND / 10))
                    .isLessThan(51 * SECOND / 10);
        }
    }

    /** It lost datagrams, each of which was waited for: that is no round trip. */
    @Test
    void whatTheHandshakeTookIsForgottenWithTheFirstAcknowledgement() {
        RawPair pair = new RawPair(PathSettings.defaults(), 7_000).start();
        assertThat(pair.talker.carrier.stats().smoothedRttNanos()).isLessThan(40 * PacketWire.MILLI);

        pair.run(() -> pair.talker.say(1));
        pair.pass(200);

        assertThat(pair.talker.lost).as("sent again by then").containsKey(0L);
    }

    /** What comes together shares a reading of the clock, which is older than what comes last. */
    @Test
    void noRoundTripIsShorterThanItWasHoweverMuchComesBeforeItsEnd() {
        RawPair pair = new RawPair().start();
        pair.run(() -> pair.talker.say(1));
        pair.pass(15);

        long last = pair.came().get(pair.came().size() - 1).number();
        arrive(pair, pair.raw.packet(out -> out.window(3, 99, 99)));
        pair.pass(7);
        arrive(pair, pair.raw.packet(out -> out.write(new Feedback(List.of(new PacketRange(last, last)), 0, 0, 0, 0))));
        pair.talker.onReceived();

        assertThat(pair.talker.carrier.stats().minRttNanos()).isEqualTo(22 * PacketWire.MILLI);
    }

    /** Both sides of who asks and answers as fast as it can are busy at once then. */
    @Test
    void whatIsToBeSaidGoesOutWhileMuchIsStillBeingRead() {
        RawPair pair = new RawPair().start();
        List<Integer> sent = new ArrayList<>();
        pair.run(() -> {
            pair.talker.say(1);
            for (int i = 0; i < 3 * PacketCarrier.MANY; i++) {
                arrive(pair, pair.raw.packet(out -> out.window(3, 99, 99)));
                sent.add(pair.wire.sentBy(pair.talker.socket).size());
            }
            pair.talker.onReceived();
        });

        int before = sent.get(0);
        assertThat(sent.subList(0, PacketCarrier.MANY - 1)).containsOnly(before);
        assertThat(sent.subList(PacketCarrier.MANY - 1, sent.size()))
                .as("there is nothing more to say")
                .containsOnly(before + 1);
    }

    private static void arrive(RawPair pair, byte[] datagram) {
        pair.talker.onDatagram(datagram, 0, datagram.length, Ends.SECOND, Ecn.NOT_ECT);
    }

    @Test
    void howeverLongTheHandshakeTookWhatIsLostFirstIsSentAgainWithinThreeSeconds() {
        RawPair pair = new RawPair(PathSettings.defaults(), 7_000);
        pair.run(pair.talker::start);
        pair.pass(3_050);

        assertThat(pair.came().stream()
                        .filter(packet -> packet.has(Hello.class))
                        .count())
                .isGreaterThan(1);
    }

    @Test
    void thousandLostPacketsInARowBreakNothing() {
        Ends ends = new Ends(3).start();
        ends.pass(200);
        int[] lost = {0};
        ends.wire.rule = (sent, number) -> sent.from().equals(Ends.FIRST) && lost[0]++ < 1_000;
        ends.run(() -> ends.first.say(20_000));
        ends.pass(36_000_000);

        assertThat(lost[0]).isGreaterThan(1_000);
        assertThat(ends.second.heard).hasSize(20_000);
    }

    @Test
    void datagramsGrowToWhatBothTakeOnceTheyKnowEachOther() {
        Ends ends = new Ends(1, PathSettings.defaults().withMaxDatagramBytes(1_400));
        ends.wire.rule = (sent, number) -> sent.from().equals(Ends.SECOND) && number == 0; // HELLO
        ends.start();
        ends.pass(20);
        assertThat(ends.wire.sentBy(ends.first.socket())).allMatch(sent -> sent.bytes().length <= 1_200);
        ends.pass(5_000);

        assertThat(ends.first.carrier.stats().datagramBytes()).isBetween(1_380, 1_400);
        assertThat(ends.first.carrier.path().recordBytes())
                .isEqualTo(ends.first.carrier.stats().datagramBytes() - 29);
        assertThat(ends.wire.trace()).allMatch(sent -> sent.bytes().length <= 1_400);
    }

    @Test
    void datagramsAreNoLargerThanThePeerTakes() {
        RawPair pair = new RawPair();
        pair.run(pair.talker::start);
        pair.raw.hello(1_300);
        for (int i = 0; i < 40; i++) {
            pair.pass(15);
            pair.raw.acknowledgeAll();
        }

        assertThat(pair.talker.carrier.stats().datagramBytes()).isBetween(1_280, 1_300);
    }

    @Test
    void datagramsStayAt1200WhereThePathTakesNoMore() {
        Ends ends = new Ends(1);
        ends.wire.mostBytes = 1_250;
        ends.start();
        ends.pass(10_000);

        assertThat(ends.first.carrier.stats().datagramBytes()).isBetween(1_200, 1_250);
        int sent = ends.wire.trace().size();
        ends.pass(60_000);
        assertThat(ends.wire.trace()).as("the search ends").hasSize(sent);
    }

    @Test
    void refusedDatagramsAreNotTriedAgain() {
        Ends ends = new Ends(1).start();
        ends.pass(5_000);
        assertThat(ends.first.carrier.stats().datagramBytes()).isGreaterThan(1_400);

        ends.run(() -> ends.first.onRefused(1_400, Ends.SECOND));
        assertThat(ends.first.carrier.stats().datagramBytes()).isEqualTo(1_200);
        assertThat(ends.first.carrier.path().recordBytes()).isEqualTo(1_171);
    }

    @Test
    void idleEndsFallSilent() {
        Ends ends = new Ends(1).start();
        ends.run(() -> ends.first.say(10));
        ends.pass(10_000);
        int sent = ends.wire.trace().size();

        ends.pass(100_000);

        assertThat(ends.wire.trace()).hasSize(sent);
    }

    @Test
    void congestionThatIsMarkedTakesFromTheWindowWithoutALoss() {
        Ends ends = new Ends(1).start();
        ends.first.endless = Long.MAX_VALUE;
        ends.run(ends.first.carrier::wake);
        ends.pass(120);
        long before = ends.first.carrier.stats().congestionWindowBytes();
        assertThat(ends.wire.sentBy(ends.first.socket())).anyMatch(sent -> sent.mark() == Ecn.ECT_0);

        ends.wire.congestedEvery = 20;
        ends.pass(40);

        assertThat(ends.first.carrier.stats().congestionWindowBytes()).isLessThan(before);
        assertThat(ends.first.carrier.stats().lostPackets()).isZero();
        assertThat(ends.first.lost).isEmpty();
    }

    @Test
    void timeWithoutRoomIsBlockedTime() {
        RawPair pair = new RawPair().start();
        long before = pair.talker.carrier.blockedNanos(pair.wire.nowNanos());
        pair.pass(SECOND / PacketWire.MILLI);
        assertThat(pair.talker.carrier.blockedNanos(pair.wire.nowNanos())).isEqualTo(before);

        pair.talker.socket().writable = false;
        pair.run(() -> pair.talker.say(1));
        pair.pass(500);
        assertThat(pair.talker.carrier.blockedNanos(pair.wire.nowNanos())).isEqualTo(before + SECOND / 2);
        assertThat(pair.came()).isEmpty();
        assertThat(pair.talker.carrier.takesMore()).isFalse();

        pair.talker.socket().writable = true;
        pair.run(pair.talker::onWritable);
        pair.pass(500);
        assertThat(pair.talker.carrier.blockedNanos(pair.wire.nowNanos())).isEqualTo(before + SECOND / 2);
        assertThat(pair.came()).isNotEmpty();
    }

    @Test
    void nothingIsLargerThanADatagramMayBe() {
        Ends ends = new Ends(5).start();
        ends.wire.loss = 0.1;
        ends.first.endless = 20_000;
        ends.run(ends.first.carrier::wake);
        ends.pass(60_000);

        assertThat(ends.wire.trace()).allMatch(sent -> sent.bytes().length <= 1_472);
        assertThat(ends.second.heard).hasSize(20_000);
        assertThat(ends.second.frames.stream().filter(Hello.class::isInstance)).hasSize(1);
    }
}
