package io.weir.core.peer;

import static io.weir.core.peer.Liveness.Due.BEAT;
import static io.weir.core.peer.Liveness.Due.DRAIN;
import static io.weir.core.peer.Liveness.Due.NOTHING;
import static io.weir.core.peer.Liveness.Due.SILENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LivenessTest {
    private static final long MILLI = 1_000_000L;
    private static final long OWN = 15_000 * MILLI;
    private static final long PEER = 9_000 * MILLI;
    private static final long FAR = Long.MAX_VALUE / 2;

    /** Clocks have an arbitrary origin: everything holds just before and across the wrap. */
    @ParameterizedTest
    @ValueSource(longs = {0, -5_000 * MILLI, Long.MAX_VALUE - 4_000 * MILLI, Long.MIN_VALUE})
    void beatsAfterAThirdOfThePeersLimitWithoutSending(long start) {
        Liveness liveness = new Liveness(OWN, PEER, start);

        assertThat(liveness.deadlineNanos()).isEqualTo(start + PEER / 3);
        assertThat(liveness.poll(start + PEER / 3 - 1)).isEqualTo(NOTHING);
        assertThat(liveness.poll(start + PEER / 3)).isEqualTo(BEAT);
        assertThat(liveness.poll(start + PEER / 3)).isEqualTo(NOTHING);
        assertThat(liveness.deadlineNanos()).isEqualTo(start + 2 * (PEER / 3));
    }

    @Test
    void sendingAnythingPutsTheBeatOff() {
        Liveness liveness = new Liveness(OWN, PEER, 0);

        liveness.onSent(1_000 * MILLI);

        assertThat(liveness.poll(4_000 * MILLI - 1)).isEqualTo(NOTHING);
        assertThat(liveness.poll(4_000 * MILLI)).isEqualTo(BEAT);
    }

    @Test
    void asksForOneBeatPerIntervalEvenIfNoneCanBeSent() {
        Liveness liveness = new Liveness(FAR, PEER, 0);

        assertThat(liveness.poll(10_000 * MILLI)).isEqualTo(BEAT);
        assertThat(liveness.poll(10_000 * MILLI)).isEqualTo(NOTHING);
        assertThat(liveness.poll(13_000 * MILLI - 1)).isEqualTo(NOTHING);
        assertThat(liveness.poll(13_000 * MILLI)).isEqualTo(BEAT);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -5_000 * MILLI, Long.MAX_VALUE - 4_000 * MILLI, Long.MIN_VALUE})
    void silenceIsFinalOnlyAfterPendingInputWasRead(long start) {
        Liveness liveness = new Liveness(OWN, FAR, start);

        assertThat(liveness.deadlineNanos()).isEqualTo(start + OWN);
        assertThat(liveness.poll(start + OWN - 1)).isEqualTo(NOTHING);
        assertThat(liveness.poll(start + OWN)).isEqualTo(DRAIN);
        assertThat(liveness.poll(start + OWN)).isEqualTo(SILENT);
        assertThat(liveness.poll(start + OWN + 1)).isEqualTo(SILENT);
    }

    @Test
    void inputFoundByDrainingIsLife() {
        Liveness liveness = new Liveness(OWN, FAR, 0);
        assertThat(liveness.poll(OWN)).isEqualTo(DRAIN);

        liveness.onReceived(OWN);

        assertThat(liveness.poll(OWN)).isEqualTo(NOTHING);
        assertThat(liveness.poll(2 * OWN - 1)).isEqualTo(NOTHING);
        assertThat(liveness.poll(2 * OWN)).isEqualTo(DRAIN);
    }

    @Test
    void receivingKeepsThePeerAliveForItsLimit() {
        Liveness liveness = new Liveness(OWN, FAR, 0);

        liveness.onReceived(OWN - 1);

        assertThat(liveness.deadlineNanos()).isEqualTo(2 * OWN - 1);
        assertThat(liveness.poll(2 * OWN - 2)).isEqualTo(NOTHING);
        assertThat(liveness.poll(2 * OWN - 1)).isEqualTo(DRAIN);
    }

    @Test
    void aTimerThatFiredALittleLateGrantsNothing() {
        Liveness liveness = new Liveness(OWN, FAR, 0);

        assertThat(liveness.poll(OWN + OWN / 8)).isEqualTo(DRAIN);
    }

    @Test
    void aTimerThatFiredLateGrantsOneMoreIntervalOnce() {
        Liveness liveness = new Liveness(OWN, FAR, 0);
        long late = OWN + OWN / 8 + 1;

        assertThat(liveness.poll(late)).isEqualTo(NOTHING);
        assertThat(liveness.deadlineNanos()).isEqualTo(late + OWN / 3);
        assertThat(liveness.poll(late + OWN / 3 - 1)).isEqualTo(NOTHING);
        // Late again: granted once is enough, or a process that always sleeps would never notice a loss.
        assertThat(liveness.poll(late + 2 * OWN)).isEqualTo(DRAIN);
        assertThat(liveness.poll(late + 2 * OWN)).isEqualTo(SILENT);
    }

    @Test
    void lifeRenewsTheGrantForALateTimer() {
        Liveness liveness = new Liveness(OWN, FAR, 0);
        assertThat(liveness.poll(2 * OWN)).isEqualTo(NOTHING);

        liveness.onReceived(2 * OWN);

        assertThat(liveness.poll(4 * OWN)).isEqualTo(NOTHING);
        assertThat(liveness.poll(4 * OWN + OWN / 3)).isEqualTo(DRAIN);
    }

    @Test
    void aLateTimerStillBeatsFirst() {
        Liveness liveness = new Liveness(OWN, PEER, 0);

        assertThat(liveness.poll(2 * OWN)).isEqualTo(BEAT);
        assertThat(liveness.poll(2 * OWN)).isEqualTo(NOTHING);
    }

    /** Both ends of a session may have slept, and each waits for the other's beat. */
    @Test
    void aDueBeatGoesBeforeTheVerdict() {
        Liveness liveness = new Liveness(OWN, PEER, 0);
        liveness.onSent(OWN - PEER / 3);

        assertThat(liveness.poll(OWN)).isEqualTo(BEAT);
        assertThat(liveness.poll(OWN)).isEqualTo(DRAIN);
        assertThat(liveness.poll(OWN)).isEqualTo(SILENT);
    }

    /** The limit is over by less than would count as late, but the beat before it shows how long the process slept. */
    @Test
    void aBeatThatFiredLateGrantsAnIntervalToo() {
        Liveness liveness = new Liveness(OWN, PEER, 0);

        assertThat(liveness.poll(OWN + MILLI)).isEqualTo(BEAT);
        assertThat(liveness.poll(OWN + MILLI)).isEqualTo(NOTHING);
        liveness.onSent(OWN + 4_000 * MILLI);

        assertThat(liveness.poll(OWN + MILLI + OWN / 3 - 1)).isEqualTo(NOTHING);
        assertThat(liveness.poll(OWN + MILLI + OWN / 3)).isEqualTo(DRAIN);
    }

    /** A grant never brings the verdict forward. */
    @Test
    void aLateBeatLongBeforeTheLimitChangesNothing() {
        Liveness liveness = new Liveness(OWN, PEER, 0);

        assertThat(liveness.poll(PEER / 3 + OWN / 8 + 1)).isEqualTo(BEAT);
        liveness.onSent(OWN - 1);

        assertThat(liveness.poll(OWN - 1)).isEqualTo(NOTHING);
        assertThat(liveness.poll(OWN)).isEqualTo(DRAIN);
    }

    @Test
    void inputAfterTheVerdictDoesNotRevive() {
        Liveness liveness = new Liveness(OWN, FAR, 0);
        liveness.poll(OWN);
        assertThat(liveness.poll(OWN)).isEqualTo(SILENT);

        liveness.onReceived(OWN);

        assertThat(liveness.poll(OWN)).isEqualTo(SILENT);
    }

    @Test
    void aPeersAbsurdLimitsAreClamped() {
        assertThat(new Liveness(OWN, 0, 0).deadlineNanos()).isEqualTo(Liveness.MIN_BEAT_NANOS);
        assertThat(new Liveness(OWN, -1, 0).deadlineNanos()).isEqualTo(Liveness.MIN_BEAT_NANOS);
        assertThat(new Liveness(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE).poll(Long.MAX_VALUE))
                .isEqualTo(NOTHING);
    }

    @Test
    void aLimitLearntLaterCountsFromTheLastThingSent() {
        Liveness liveness = new Liveness(OWN, FAR, 0);
        liveness.onSent(1_000 * MILLI);

        liveness.onPeerLimit(PEER, 2_000 * MILLI);

        assertThat(liveness.poll(4_000 * MILLI - 1)).isEqualTo(NOTHING);
        assertThat(liveness.poll(4_000 * MILLI)).isEqualTo(BEAT);
    }

    @Test
    void refusesAnOwnLimitThatIsNotPositive() {
        assertThatThrownBy(() -> new Liveness(0, PEER, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ownLimitNanos is 0, must be positive");
    }

    /** Two ends that beat as they are told never find each other silent, whatever else they send. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void twoLivingEndsNeverLoseEachOther(long seed) {
        Random random = new Random(seed);
        long limitA = (100 + random.nextInt(10_000)) * MILLI;
        long limitB = (100 + random.nextInt(10_000)) * MILLI;
        long delay = random.nextInt(30) * MILLI;
        Liveness a = new Liveness(limitA, limitB, 0);
        Liveness b = new Liveness(limitB, limitA, 0);
        long toA = -1;
        long toB = -1;

        for (long now = 0; now < 60_000 * MILLI; now += MILLI) {
            if (toA == now) {
                a.onReceived(now);
            }
            if (toB == now) {
                b.onReceived(now);
            }
            Liveness.Due dueA = a.poll(now);
            Liveness.Due dueB = b.poll(now);
            assertThat(dueA).as("a at %d, seed %d", now, seed).isIn(NOTHING, BEAT);
            assertThat(dueB).as("b at %d, seed %d", now, seed).isIn(NOTHING, BEAT);
            if (dueA == BEAT || random.nextInt(1_000) == 0) {
                a.onSent(now);
                toB = now + delay + MILLI;
            }
            if (dueB == BEAT || random.nextInt(1_000) == 0) {
                b.onSent(now);
                toA = now + delay + MILLI;
            }
        }
    }
}
