package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.path.PacketRttEstimator;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.PacketRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What {@link Reliability#send} tells whoever controls congestion. */
class PacketRenewalTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Sinks.Many<String> source = Sinks.many().unicast().onBackpressureBuffer();
    private final Sinks.Many<Feedback> feedback = Sinks.many().unicast().onBackpressureBuffer();
    private final List<String> told = new ArrayList<>();
    private final List<Numbered<String>> sent = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();
    private boolean dealsWithLies;
    private @Nullable RuntimeException thrown;

    private void start() {
        source.asFlux()
                .transform(Reliability.send(feedback.asFlux(), RecoverySettings.defaults(), time, new Telling()))
                .subscribe(sent::add, errors::add);
    }

    private void send(String... packets) {
        for (String packet : packets) {
            source.tryEmitNext(packet);
        }
    }

    private void hear(long first, long last) {
        feedback.tryEmitNext(new Feedback(List.of(new PacketRange(first, last)), 3, 0, 0, 0));
    }

    private void pass(long millis) {
        time.advanceTimeBy(Duration.ofMillis(millis));
    }

    @Test
    void tellsOfEachFeedbackInOrder() {
        start();
        send("a", "b", "c", "d", "e");
        told.clear();
        pass(20);

        hear(3, 4);

        assertThat(told)
                .containsExactly(
                        "round trip of 4 20 ms, delayed 3 us",
                        "acknowledged 3 c of 1, not lost, at 20",
                        "acknowledged 4 d of 1, not lost, at 20",
                        "lost 0 a of 1",
                        "renewed a",
                        "lost 1 b of 1",
                        "renewed b",
                        "judged 4 at 20");
    }

    @Test
    void leavesNumbersOutAndSaysWhichAPacketGetsBeforeItGoes() {
        start();
        send("a", "b", "c");

        assertThat(told).containsExactly("sent 0 a at 0", "sent 1 b at 0", "sent 3 c at 0");
        assertThat(sent).extracting(Numbered::number).containsExactly(0L, 1L, 3L);
    }

    @Test
    void tellsOfATimeOutBeforeWhatIsRenewedByIt() {
        start();
        send("a");
        told.clear();

        pass(1_100);

        assertThat(told).containsExactly("time-out", "renewed a", "judged nothing at 1024");
    }

    @Test
    void tellsOfALossThatWasNone() {
        start();
        send("a", "b", "c", "d", "e");
        pass(20);
        hear(3, 4);
        told.clear();

        hear(0, 1);

        assertThat(told)
                .containsExactly(
                        "acknowledged 0 a of 1, lost, at 20",
                        "acknowledged 1 b of 1, lost, at 20",
                        "none was lost, 1 neither",
                        "judged 1 at 20");
    }

    @Test
    void lieThatIsNotDealtWithFailsTheFlux() {
        start();
        send("a");
        hear(0, 9);

        assertThat(told).contains("impossible PROTOCOL_VIOLATION");
        assertThat(errors).hasSize(1);
    }

    @Test
    void lieThatIsDealtWithDoesNot() {
        dealsWithLies = true;
        start();
        send("a", "b", "c");
        hear(2, 2); // it was left out
        send("d");

        assertThat(told).contains("impossible PROTOCOL_VIOLATION", "sent 4 d at 0");
        assertThat(errors).isEmpty();
    }

    @Test
    void whatItThrowsFailsTheFlux() {
        start();
        send("a");
        thrown = new IllegalStateException("told too much");
        hear(0, 0);

        assertThat(errors).containsExactly(thrown);
    }

    private final class Telling implements PacketRenewal<String> {
        private final PacketRttEstimator rtt = new PacketRttEstimator(25_000_000);

        private long at(long nanos) {
            return nanos / 1_000_000;
        }

        @Override
        public @Nullable String renew(String lost) {
            told.add("renewed " + lost);
            return null;
        }

        @Override
        public PacketRttEstimator roundTrip() {
            return rtt;
        }

        @Override
        public boolean skips(long number) {
            return number == 2;
        }

        @Override
        public void onSent(long number, String packet, long nowNanos) {
            told.add("sent " + number + " " + packet + " at " + at(nowNanos));
        }

        @Override
        public void onRoundTrip(long number, long rttNanos, long ackDelayNanos) {
            rtt.onSample(rttNanos, ackDelayNanos);
            told.add("round trip of " + number + " " + at(rttNanos) + " ms, delayed " + ackDelayNanos / 1_000 + " us");
        }

        @Override
        public void onAcknowledged(long number, String packet, int bytes, boolean wasLost, long nowNanos) {
            if (thrown != null) {
                throw thrown;
            }
            told.add("acknowledged " + number + " " + packet + " of " + bytes + ", " + (wasLost ? "" : "not ")
                    + "lost, at " + at(nowNanos));
        }

        @Override
        public void onSpuriousLoss(long number) {
            told.add("none was lost, " + number + " neither");
        }

        @Override
        public void onLost(long number, String packet, int bytes) {
            told.add("lost " + number + " " + packet + " of " + bytes);
        }

        @Override
        public void onPersistentLoss() {
            told.add("persistent");
        }

        @Override
        public void onProbeTimeout() {
            told.add("time-out");
        }

        @Override
        public void onJudged(@Nullable Feedback judged, long nowNanos) {
            told.add("judged " + (judged == null ? "nothing" : judged.largest()) + " at " + at(nowNanos));
        }

        @Override
        public boolean onImpossible(ErrorCode error) {
            told.add("impossible " + error);
            return dealsWithLies;
        }
    }
}
