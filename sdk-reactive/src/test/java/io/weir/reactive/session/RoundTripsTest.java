package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.PacketLedger;
import io.weir.core.wire.SessionFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

class RoundTripsTest {

    private static final long MILLI = 1_000_000;
    private static final long LIMIT = 15_000 * MILLI;

    private final FrameWriter record = new FrameWriter(1_000, 1_000);
    private final RoundTrips trips = new RoundTrips(300 * MILLI, LIMIT, 0);

    @Test
    void knowsTheAssumedTimeUntilThereIsASample() {
        assertThat(trips.smoothedNanos()).isEqualTo(300 * MILLI);

        sample(0, 40);

        assertThat(trips.smoothedNanos()).isEqualTo(40 * MILLI);
    }

    @Test
    void onePingIsOnTheWireHoweverManyAsk() {
        List<Duration> answers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            trips.next().subscribe(answers::add);
        }
        List<Long> tokens = written(0);
        trips.next().subscribe(answers::add);
        assertThat(written(1)).isEmpty();

        trips.onPong(tokens.get(0), 7 * MILLI);

        assertThat(tokens).hasSize(1);
        assertThat(answers).hasSize(1_001).containsOnly(Duration.ofMillis(7));
        assertThat(written(8)).isEmpty();
    }

    @Test
    void whoAsksInsideAnAnswerGetsASampleOfItsOwn() {
        List<Duration> answers = new ArrayList<>();
        trips.next().flatMap(first -> trips.next()).subscribe(answers::add);
        trips.onPong(written(0).get(0), MILLI);
        assertThat(answers).isEmpty();

        trips.onPong(written(10).get(0), 13 * MILLI);

        assertThat(answers).containsExactly(Duration.ofMillis(3));
    }

    /** Never asked for, asked for and not sent yet, wrong, and late: none of them is a sample. */
    @Test
    void aPongThatAnswersNoPingMeansNothing() {
        List<Duration> answers = new ArrayList<>();
        trips.onPong(1, MILLI);
        trips.next().subscribe(answers::add);
        trips.onPong(1, MILLI);
        long token = written(2).get(0);
        trips.onPong(token + 1, 3 * MILLI);
        trips.onPong(token - 1, 3 * MILLI);
        assertThat(answers).isEmpty();
        assertThat(trips.smoothedNanos()).isEqualTo(300 * MILLI);

        trips.onPong(token, 4 * MILLI);
        trips.onPong(token, 4_000 * MILLI);

        assertThat(answers).containsExactly(Duration.ofMillis(2));
        assertThat(trips.smoothedNanos()).isEqualTo(2 * MILLI);
    }

    @Test
    void whereNothingIsLostAPingIsWaitedForHoweverLong() {
        trips.next().subscribe();
        written(0);
        trips.ask();

        assertThat(written(3_600_000)).isEmpty();
    }

    @Test
    void whereFramesMayBeLostAnOverduePingIsReplacedAfterTwiceAsLongEachTime() {
        FrameWriter packet = new FrameWriter(1_000, 1_000);
        List<Duration> answers = new ArrayList<>();
        trips.next().subscribe(answers::add);
        long at = 0;
        for (long seconds : new long[] {1, 2, 4}) {
            assertThat(writtenInto(packet, at)).isTrue();
            long due = at + seconds * 1_000;
            trips.ask();
            assertThat(writtenInto(packet, due - 1)).isFalse();
            at = due;
        }
        assertThat(writtenInto(packet, at)).isTrue();
        trips.onPong(3, (at + 5) * MILLI); // of one that was given up
        assertThat(answers).isEmpty();

        trips.onPong(4, (at + 7) * MILLI);

        assertThat(answers).containsExactly(Duration.ofMillis(7));
        assertThat(trips.dueOnTraffic((at + 1_007) * MILLI)).isTrue();
    }

    @Test
    void whereFramesMayBeLostWhatIsSaidAndTheBeatsTakeTheNextPingAlong() {
        trips.next().subscribe();
        writtenInto(new FrameWriter(1_000, 1_000), 0);
        assertThat(trips.dueOnTraffic(999 * MILLI)).isFalse();
        assertThat(trips.dueOnBeat(999 * MILLI)).isFalse();

        assertThat(trips.dueOnTraffic(1_000 * MILLI)).isTrue();
        assertThat(trips.dueOnBeat(1_000 * MILLI)).isTrue();
    }

    private boolean writtenInto(FrameWriter packet, long atMillis) {
        packet.reset(new PacketLedger(), 1_000);
        trips.write(packet, atMillis * MILLI);
        return !packet.isEmpty();
    }

    @Test
    void aRecordWithoutRoomLeavesThePingToTheNext() {
        FrameWriter full = new FrameWriter(4, 4);
        trips.ask();

        trips.write(full, 0);

        assertThat(full.isEmpty()).isTrue();
        assertThat(written(5)).hasSize(1);
    }

    @Test
    void theEndLeavesNobodyWaiting() {
        List<Throwable> errors = new ArrayList<>();
        trips.next().subscribe(null, errors::add);
        written(0);

        trips.close(CloseReason.local(ErrorCode.SILENCE), "a session");
        trips.close(CloseReason.local(ErrorCode.NONE), "a session");

        assertThat(errors)
                .singleElement()
                .isInstanceOfSatisfying(
                        SessionClosedException.class,
                        e -> assertThat(e.reason().error()).isEqualTo(ErrorCode.SILENCE));
        StepVerifier.create(trips.next())
                .verifyErrorSatisfies(
                        e -> assertThat(((SessionClosedException) e).reason().error())
                                .isEqualTo(ErrorCode.SILENCE));
    }

    /** A peer that never wants to hear anything does not keep this side from measuring. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1_000, 15_000, 40_000, Long.MAX_VALUE / MILLI})
    void aBeatMeasuresAfterFourOfTheLongerLimit(long peerLimitMillis) {
        trips.onPeerLimit(peerLimitMillis * MILLI);
        long fresh = Math.min(3_600_000, Math.max(15_000, peerLimitMillis)) * 4;
        sample(100, 5);

        assertThat(trips.dueOnBeat((105 + fresh) * MILLI - 1)).isFalse();
        assertThat(trips.dueOnBeat((105 + fresh) * MILLI)).isTrue();
    }

    @Test
    void trafficMeasuresAfterASecond() {
        sample(100, 5);

        assertThat(trips.dueOnTraffic(1_105 * MILLI - 1)).isFalse();
        assertThat(trips.dueOnTraffic(1_105 * MILLI)).isTrue();
    }

    @Test
    void nothingIsDueWhileAPingIsUnanswered() {
        long late = 10 * LIMIT;
        assertThat(trips.dueOnBeat(late)).isTrue();

        trips.ask();
        assertThat(trips.dueOnBeat(late)).isFalse();
        written(late / MILLI);

        assertThat(trips.dueOnBeat(10 * late)).isFalse();
        assertThat(trips.dueOnTraffic(10 * late)).isFalse();
    }

    private void sample(long atMillis, long rttMillis) {
        trips.ask();
        trips.onPong(written(atMillis).get(0), (atMillis + rttMillis) * MILLI);
    }

    /** The tokens of what is written into a record at that time. */
    private List<Long> written(long atMillis) {
        record.reset();
        trips.write(record, atMillis * MILLI);
        FrameReader reader = new FrameReader();
        reader.reset(record.array(), 0, record.position());
        List<Long> tokens = new ArrayList<>();
        while (reader.next() == FrameReader.Kind.FRAME) {
            tokens.add(((SessionFrame.Ping) reader.frame()).token());
        }
        return tokens;
    }
}
