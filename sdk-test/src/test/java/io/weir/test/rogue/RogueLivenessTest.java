package io.weir.test.rogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Frame;
import io.weir.core.wire.SessionFrame;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent.ConnectionClosed;
import io.weir.reactive.PeerEvent.ConnectionLost;
import io.weir.reactive.PeerSession;
import io.weir.reactive.SessionState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a peer that has proved its identity does with the signs of life; the node and its friend go on (Victim). */
class RogueLivenessTest {

    private static final Duration LIMIT = Duration.ofMillis(300);
    private static final Duration STEP = Duration.ofMillis(1);

    private static Victim victim() {
        return Victim.start(spec -> spec.limits(NodeLimits.defaults().withSilenceLimit(LIMIT)));
    }

    @Test
    void aPeerThatAuthenticatesAndFallsSilentIsLostOnce() {
        try (Victim victim = victim();
                RoguePeer rogue = victim.rogue().session()) {
            victim.advance(LIMIT.minus(STEP));
            assertThat(victim.log.soFar(ConnectionLost.class)).isEmpty();

            victim.advance(STEP.multipliedBy(2));
            victim.advance(Duration.ofMinutes(10));

            assertLostOnce(victim, rogue);
        }
    }

    /** The bytes of one genuine record, which could go on for hours; none of them has been authenticated. */
    @Test
    void bytesThatNeverBecomeARecordAreNoSignOfLife() {
        try (Victim victim = victim();
                RoguePeer rogue = victim.rogue().session()) {
            byte[] record = rogue.sealed(new byte[1_000]);
            for (int i = 0; i < 100 && victim.log.soFar(ConnectionLost.class).isEmpty(); i++) {
                rogue.write(Arrays.copyOfRange(record, i, i + 1));
                victim.advance(Duration.ofMillis(10));
            }

            assertLostOnce(victim, rogue);
        }
    }

    @Test
    void aPeerThatBeatsAndAnswersNothingStaysAndItsPingsWait() {
        try (Victim victim = victim();
                RoguePeer rogue = victim.rogue().session()) {
            PeerSession session = victim.sessionWith(rogue);
            List<Duration> answers = new ArrayList<>();
            session.ping().subscribe(answers::add);
            for (int i = 0; i < 200; i++) {
                rogue.send(new SessionFrame.Heartbeat());
                victim.advance(Duration.ofMillis(100));
            }

            assertThat(session.state()).isEqualTo(SessionState.READY);
            assertThat(answers).isEmpty();
        }
    }

    /** However many ask, and whatever it answers: one PING waits for this peer, and only its own PONG counts. */
    @Test
    void onlyThePongOfThePingCounts() {
        try (Victim victim = victim();
                RoguePeer rogue = victim.rogue().session()) {
            PeerSession session = victim.sessionWith(rogue);
            long token = rogue.await(SessionFrame.Ping.class).token();
            List<Duration> answers = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                session.ping().subscribe(answers::add);
            }
            Duration assumed = session.roundTrip();

            for (long wrong = -2_000; wrong < 2_000; wrong++) {
                if (wrong != token) {
                    rogue.send(new SessionFrame.Pong(wrong));
                }
            }
            victim.settle();
            assertThat(answers).isEmpty();
            assertThat(session.roundTrip()).isEqualTo(assumed);
            victim.advance(Duration.ofMillis(40));
            rogue.send(new SessionFrame.Pong(token), new SessionFrame.Pong(token));
            victim.settle();

            assertThat(answers).hasSize(1_000).containsOnly(Duration.ofMillis(40));
            assertThat(session.roundTrip()).isEqualTo(Duration.ofMillis(40));
        }
    }

    /** A flood of PINGs is as good a sign of life as any; it costs an answer for each record at the most. */
    @Test
    void aPingFloodIsAnsweredOnceForEachRecordAndKeepsThePeerAlive() {
        try (Victim victim = victim();
                RoguePeer rogue = victim.rogue().session()) {
            Frame[] pings = new Frame[1_000];
            for (int i = 0; i < pings.length; i++) {
                pings[i] = new SessionFrame.Ping(i);
            }
            for (int record = 0; record < 50; record++) {
                rogue.send(pings);
                victim.advance(Duration.ofMillis(100));
            }
            assertThat(victim.log.soFar(ConnectionLost.class)).isEmpty();
            rogue.send(new SessionFrame.Ping(-1));
            victim.settle();

            int answers = 0;
            while (rogue.await(SessionFrame.Pong.class).token() != -1) {
                answers++;
            }
            assertThat(answers).isLessThanOrEqualTo(50);
        }
    }

    private static void assertLostOnce(Victim victim, RoguePeer rogue) {
        assertThat(victim.log.soFar(ConnectionClosed.class)).isEmpty();
        assertThat(victim.log.soFar(ConnectionLost.class)).singleElement().satisfies(event -> {
            assertThat(event.peer()).isEqualTo(rogue.id());
            assertThat(event.reason()).isEqualTo(CloseReason.local(ErrorCode.SILENCE));
            assertThat(event.silence()).isBetween(LIMIT, LIMIT.plus(STEP));
        });
    }
}
