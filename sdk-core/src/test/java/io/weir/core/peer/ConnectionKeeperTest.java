package io.weir.core.peer;

import static io.weir.core.peer.ConnectionKeeper.Phase.AWAITING_INBOUND;
import static io.weir.core.peer.ConnectionKeeper.Phase.BACKING_OFF;
import static io.weir.core.peer.ConnectionKeeper.Phase.DIALLING;
import static io.weir.core.peer.ConnectionKeeper.Phase.DUE;
import static io.weir.core.peer.ConnectionKeeper.Phase.GAVE_UP;
import static io.weir.core.peer.ConnectionKeeper.Phase.READY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.ConnectionKeeper.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionKeeperTest {
    private static final long SECOND = 1_000_000_000L;
    private static final double HALF = 0.5;
    private static final ConnectionPolicy POLICY = ConnectionPolicy.defaults();
    private static final PeerAddress A = PeerAddress.tcp("a.example", 1);
    private static final PeerAddress B = PeerAddress.tcp("b.example", 2);
    private static final PeerAddress C = PeerAddress.tcp("c.example", 3);
    private static final CloseReason REFUSED = CloseReason.local(ErrorCode.CONNECT_FAILED);
    private static final CloseReason STRANGER = CloseReason.local(ErrorCode.IDENTITY_MISMATCH);
    private static final CloseReason UNWELCOME = CloseReason.remote(ErrorCode.NOT_ADMITTED);
    private static final CloseReason LOST = CloseReason.local(ErrorCode.LINK_LOST);
    private static final PeerId LOWER;
    private static final PeerId HIGHER;

    static {
        PeerId one = Identity.generate(bytes -> new Random(1).nextBytes(bytes)).peerId();
        PeerId other =
                Identity.generate(bytes -> new Random(2).nextBytes(bytes)).peerId();
        LOWER = one.compareTo(other) < 0 ? one : other;
        HIGHER = LOWER.equals(one) ? other : one;
    }

    private long now = Long.MAX_VALUE - SECOND; // sums overflow

    // ---- dialling

    @Test
    void aPeerIsDialledAtOnce() {
        ConnectionKeeper keeper = keeper(POLICY, A);

        assertThat(keeper.phase()).isEqualTo(DUE);
        assertThat(keeper.dial()).isEqualTo(A);
        assertThat(keeper.phase()).isEqualTo(DIALLING);
        assertThat(keeper.hasDeadline()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = "DUE", mode = EnumSource.Mode.EXCLUDE)
    void onlyWhatIsDueIsDialled(Phase phase) {
        ConnectionKeeper keeper = in(phase);

        assertThatIllegalStateException().isThrownBy(keeper::dial).withMessage("phase is %s, must be DUE", phase);
    }

    @Test
    void aFailedDialIsRepeatedAfterTheDelay() {
        ConnectionKeeper keeper = keeper(POLICY, A);
        keeper.dial();

        keeper.onDialFailed(REFUSED, now, HALF);

        assertThat(keeper.phase()).isEqualTo(BACKING_OFF);
        assertThat(keeper.failures()).isEqualTo(1);
        assertThat(keeper.reason()).isEqualTo(REFUSED);
        assertThat(keeper.hasDeadline()).isTrue();
        assertThat(keeper.deadlineNanos() - now).isEqualTo(POLICY.backoff().delayNanos(1, HALF));
        assertThat(keeper.onDeadline(keeper.deadlineNanos() - 1)).isFalse();
        assertThat(keeper.onDeadline(keeper.deadlineNanos())).isTrue();
        assertThat(keeper.phase()).isEqualTo(DUE);
        assertThat(keeper.hasDeadline()).isFalse();
    }

    @Test
    void addressesAreTriedInTurnAndARoundIsOneAttempt() {
        ConnectionKeeper keeper = keeper(POLICY, A, B, C);
        for (int round = 1; round <= 3; round++) {
            List<PeerAddress> dialled = new ArrayList<>();
            while (keeper.phase() == DUE) {
                dialled.add(keeper.dial());
                keeper.onDialFailed(REFUSED, now, HALF);
            }
            assertThat(dialled).containsExactly(A, B, C);
            assertThat(keeper.phase()).isEqualTo(BACKING_OFF);
            assertThat(keeper.failures()).isEqualTo(round);
            assertThat(keeper.onDeadline(keeper.deadlineNanos())).isTrue();
        }
    }

    @Test
    void theAddressThatWorkedIsDialledFirst() {
        ConnectionKeeper keeper = keeper(POLICY, A, B, C);
        keeper.dial();
        keeper.onDialFailed(REFUSED, now, HALF);
        assertThat(keeper.dial()).isEqualTo(B);
        keeper.onReady(HIGHER, true, now);

        keeper.onLost(LOST, now, HALF);

        assertThat(round(keeper)).containsExactly(B, C, A);
    }

    @Test
    void anAddressThatFailedForGoodIsLeftOut() {
        ConnectionKeeper keeper = keeper(POLICY, A, B, C);
        keeper.dial();
        keeper.onDialFailed(REFUSED, now, HALF);
        keeper.dial();
        keeper.onDialFailed(UNWELCOME, now, HALF);
        keeper.dial();
        keeper.onDialFailed(REFUSED, now, HALF);

        assertThat(keeper.phase()).isEqualTo(BACKING_OFF);
        assertThat(round(keeper)).containsExactly(A, C);
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2"})
    void aRoundEndsWhereverAnAddressFailedForGood(int which) {
        ConnectionKeeper keeper = keeper(POLICY, A, B, C);
        for (int i = 0; i < 3; i++) {
            assertThat(keeper.dial()).isEqualTo(List.of(A, B, C).get(i));
            keeper.onDialFailed(i == which ? UNWELCOME : REFUSED, now, HALF);
        }
        assertThat(keeper.phase()).isEqualTo(BACKING_OFF);
        assertThat(round(keeper)).hasSize(2).doesNotContain(List.of(A, B, C).get(which));
    }

    @Test
    void isGivenUpWhenEveryAddressFailedForGood() {
        ConnectionKeeper keeper = keeper(POLICY, A, B);
        keeper.dial();
        keeper.onDialFailed(UNWELCOME, now, HALF);
        assertThat(keeper.phase()).isEqualTo(DUE);
        keeper.dial();

        keeper.onDialFailed(CloseReason.remote(ErrorCode.NOT_ADMITTED), now, HALF);

        assertThat(keeper.phase()).isEqualTo(GAVE_UP);
        assertThat(keeper.reason()).isEqualTo(CloseReason.remote(ErrorCode.NOT_ADMITTED));
        assertThat(keeper.hasDeadline()).isFalse();
    }

    @Test
    void aStrangerAtItsAddressIsDialledAgainAfterTheLongestDelay() {
        ConnectionKeeper keeper = keeper(POLICY, A);
        keeper.dial();

        keeper.onDialFailed(STRANGER, now, HALF);

        assertThat(keeper.phase()).isEqualTo(BACKING_OFF);
        assertThat(keeper.reason()).isEqualTo(STRANGER);
        assertThat(keeper.deadlineNanos() - now).isEqualTo(POLICY.backoff().longDelayNanos(HALF));
        assertThat(round(keeper)).containsExactly(A);
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2"})
    void aStrangerAtOneOfItsAddressesDoesNotKeepTheOthersWaiting(int which) {
        ConnectionKeeper keeper = keeper(POLICY, A, B, C);
        for (int i = 0; i < 3; i++) {
            keeper.dial();
            keeper.onDialFailed(i == which ? STRANGER : REFUSED, now, HALF);
        }
        assertThat(keeper.deadlineNanos() - now).isEqualTo(POLICY.backoff().delayNanos(1, HALF));
        assertThat(round(keeper)).containsExactly(A, B, C);
    }

    @Test
    void aSessionThatBrokeTheRulesIsDialledAgainAfterTheLongestDelay() {
        ConnectionKeeper keeper = ready(POLICY, true);

        keeper.onLost(CloseReason.remote(ErrorCode.PROTOCOL_VIOLATION), now, HALF);

        assertThat(keeper.phase()).isEqualTo(BACKING_OFF);
        assertThat(keeper.deadlineNanos() - now).isEqualTo(POLICY.backoff().longDelayNanos(HALF));
    }

    @Test
    void isGivenUpAfterTheAttemptsThatAreAllowed() {
        ConnectionKeeper keeper = keeper(POLICY.withMaxAttempts(2), A);
        keeper.dial();
        keeper.onDialFailed(REFUSED, now, HALF);
        keeper.onDeadline(keeper.deadlineNanos());
        keeper.dial();

        keeper.onDialFailed(REFUSED, now, HALF);

        assertThat(keeper.phase()).isEqualTo(GAVE_UP);
    }

    @Test
    void aFailureThatNobodyWaitsForIsIgnored() {
        ConnectionKeeper keeper = in(READY);

        keeper.onDialFailed(REFUSED, now, HALF);

        assertThat(keeper.phase()).isEqualTo(READY);
    }

    // ---- losing

    @Test
    void aPeerThatWasDialledIsDialledAgain() {
        ConnectionKeeper keeper = ready(POLICY, true);

        keeper.onLost(LOST, now, HALF);

        assertThat(keeper.phase()).isEqualTo(BACKING_OFF);
        assertThat(keeper.deadlineNanos() - now).isEqualTo(POLICY.backoff().delayNanos(1, HALF));
    }

    @Test
    void aPeerThatDialledIsAwaitedAndThenDialled() {
        ConnectionKeeper keeper = ready(POLICY, false);

        keeper.onLost(LOST, now, HALF);

        assertThat(keeper.phase()).isEqualTo(AWAITING_INBOUND);
        assertThat(keeper.deadlineNanos() - now)
                .isEqualTo(10 * SECOND + POLICY.backoff().delayNanos(1, HALF));
        assertThat(keeper.onDeadline(keeper.deadlineNanos())).isTrue();
        assertThat(keeper.phase()).isEqualTo(DUE);
    }

    @Test
    void aPeerWithoutAddressIsAwaitedForEver() {
        ConnectionKeeper keeper = new ConnectionKeeper(POLICY, LOWER, HIGHER, List.of(), now);
        assertThat(keeper.phase()).isEqualTo(AWAITING_INBOUND);
        assertThat(keeper.hasDeadline()).isFalse();
        keeper.onReady(HIGHER, false, now);

        keeper.onLost(CloseReason.remote(ErrorCode.PROTOCOL_VIOLATION), now, HALF);

        assertThat(keeper.phase()).isEqualTo(AWAITING_INBOUND);
        assertThat(keeper.onDeadline(now + 365 * 24 * 3_600 * SECOND)).isFalse();
        keeper.retry();
        assertThat(keeper.phase()).isEqualTo(AWAITING_INBOUND);
    }

    @Test
    void aSessionLostForGoodIsNotDialledAgain() {
        ConnectionKeeper keeper = ready(POLICY, true);

        keeper.onLost(CloseReason.remote(ErrorCode.NOT_ADMITTED), now, HALF);

        assertThat(keeper.phase()).isEqualTo(GAVE_UP);
    }

    @Test
    void aPeerThatAcceptsAndClosesInALoopIsDialledLessAndLessOften() {
        ConnectionKeeper keeper = keeper(POLICY, A);
        long before = 0;
        for (int i = 1; i <= 7; i++) {
            keeper.dial();
            keeper.onReady(HIGHER, true, now);
            now += SECOND;
            keeper.onLost(LOST, now, HALF);
            long delay = keeper.deadlineNanos() - now;
            assertThat(delay).isGreaterThan(before);
            before = delay;
            now = keeper.deadlineNanos();
            keeper.onDeadline(now);
        }
        keeper.dial();
        keeper.onReady(HIGHER, true, now);
        now += 60 * SECOND;
        keeper.onLost(LOST, now, HALF);
        assertThat(keeper.deadlineNanos() - now).isEqualTo(POLICY.backoff().delayNanos(1, HALF));
    }

    // ---- who dials

    @ParameterizedTest
    @CsvSource({
        // initiator, own key is the lower, dials first, dials again when it dialled, when the peer did
        "EITHER, true, true, true, false",
        "EITHER, false, true, true, false",
        "SELF, false, true, true, true",
        "PEER, true, false, false, false",
        "LOWER_KEY, true, true, true, true",
        "LOWER_KEY, false, false, false, false"
    })
    void thePreferredInitiatorDials(
            PreferredInitiator initiator, boolean lower, boolean first, boolean afterOwn, boolean afterPeers) {
        ConnectionPolicy policy = POLICY.withInitiator(initiator);
        PeerId self = lower ? LOWER : HIGHER;
        PeerId peer = lower ? HIGHER : LOWER;

        ConnectionKeeper begun = new ConnectionKeeper(policy, self, peer, List.of(A), now);
        assertThat(begun.phase()).isEqualTo(first ? DUE : AWAITING_INBOUND);

        for (boolean own : new boolean[] {true, false}) {
            ConnectionKeeper keeper = new ConnectionKeeper(policy, self, peer, List.of(A), now);
            keeper.onReady(peer, own, now);
            keeper.onLost(LOST, now, HALF);
            assertThat(keeper.phase()).isEqualTo((own ? afterOwn : afterPeers) ? BACKING_OFF : AWAITING_INBOUND);
        }
    }

    @Test
    void whoeverIsUnknownIsDialledWhoeverIsToDial() {
        ConnectionPolicy policy = POLICY.withInitiator(PreferredInitiator.LOWER_KEY);
        ConnectionKeeper keeper = new ConnectionKeeper(policy, HIGHER, null, List.of(A), now);
        assertThat(keeper.phase()).isEqualTo(DUE);
        keeper.dial();
        keeper.onReady(LOWER, true, now);
        assertThat(keeper.peer()).isEqualTo(LOWER);

        keeper.onLost(LOST, now, HALF);

        assertThat(keeper.phase()).isEqualTo(AWAITING_INBOUND);
    }

    // ---- everywhere

    @ParameterizedTest
    @EnumSource
    void aSessionIsTakenInAnyPhase(Phase phase) {
        ConnectionKeeper keeper = in(phase);

        keeper.onReady(LOWER, false, now);

        assertThat(keeper.phase()).isEqualTo(READY);
        assertThat(keeper.hasDeadline()).isFalse();
        assertThat(keeper.reason()).isNull();
        assertThat(keeper.peer()).isEqualTo(LOWER);
    }

    @ParameterizedTest
    @EnumSource(names = "READY", mode = EnumSource.Mode.EXCLUDE)
    void withoutASessionNothingIsLost(Phase phase) {
        ConnectionKeeper keeper = in(phase);

        keeper.onLost(LOST, now, HALF);

        assertThat(keeper.phase()).isEqualTo(phase);
    }

    @ParameterizedTest
    @EnumSource(names = {"DUE", "BACKING_OFF", "AWAITING_INBOUND", "GAVE_UP"})
    void whoIsAskedToRetryDialsAtOnceAndAnew(Phase phase) {
        ConnectionKeeper keeper = in(phase);

        keeper.retry();

        assertThat(keeper.phase()).isEqualTo(DUE);
        assertThat(keeper.failures()).isZero();
        assertThat(keeper.reason()).isNull();
        assertThat(keeper.dial()).isEqualTo(A);
    }

    @ParameterizedTest
    @EnumSource(names = {"READY", "DIALLING"})
    void whoIsConnectedOrDialsHasNothingToRetry(Phase phase) {
        ConnectionKeeper keeper = in(phase);

        keeper.retry();

        assertThat(keeper.phase()).isEqualTo(phase);
    }

    /** Whatever happens in whatever order: a deadline in the waiting phases only, and never a way out of the graph. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomEventsNeverLeaveTheGraph(long seed) {
        Random random = new Random(seed);
        PreferredInitiator[] initiators = PreferredInitiator.values();
        ConnectionPolicy policy = POLICY.withInitiator(initiators[random.nextInt(initiators.length)])
                .withMaxAttempts(2 + random.nextInt(3))
                .withAwaitInbound(Duration.ofSeconds(random.nextInt(3)));
        ConnectionKeeper keeper = keeper(
                policy, List.of(A, B, C).subList(0, 1 + random.nextInt(3)).toArray(PeerAddress[]::new));
        Set<Phase> seen = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            now += random.nextInt(2) * random.nextLong(70 * SECOND);
            CloseReason reason = random.nextInt(8) == 0 ? UNWELCOME : REFUSED;
            switch (random.nextInt(6)) {
                case 0 -> {
                    if (keeper.phase() == DUE) {
                        keeper.dial();
                    }
                }
                case 1 -> keeper.onDialFailed(reason, now, random.nextDouble());
                case 2 -> keeper.onReady(random.nextBoolean() ? HIGHER : LOWER, random.nextBoolean(), now);
                case 3 -> keeper.onLost(reason, now, random.nextDouble());
                case 4 -> keeper.onDeadline(now);
                default -> {
                    if (random.nextInt(10) == 0) {
                        keeper.retry();
                    }
                }
            }
            seen.add(keeper.phase());
            boolean waits = keeper.phase() == BACKING_OFF || keeper.phase() == AWAITING_INBOUND;
            assertThat(!keeper.hasDeadline() || waits)
                    .as("seed %d, step %d", seed, i)
                    .isTrue();
            assertThat(keeper.phase() == BACKING_OFF && !keeper.hasDeadline())
                    .as("seed %d, step %d", seed, i)
                    .isFalse();
        }
        assertThat(seen).contains(DUE, DIALLING, READY, GAVE_UP);
    }

    // ---- what the tests need

    private ConnectionKeeper keeper(ConnectionPolicy policy, PeerAddress... addresses) {
        return new ConnectionKeeper(policy, LOWER, null, List.of(addresses), now);
    }

    private ConnectionKeeper ready(ConnectionPolicy policy, boolean initiator) {
        ConnectionKeeper keeper = keeper(policy, A);
        keeper.onReady(HIGHER, initiator, now);
        return keeper;
    }

    private ConnectionKeeper in(Phase phase) {
        ConnectionKeeper keeper =
                phase == READY || phase == AWAITING_INBOUND ? ready(POLICY, false) : keeper(POLICY, A);
        switch (phase) {
            case DUE, READY -> {}
            case AWAITING_INBOUND -> keeper.onLost(LOST, now, HALF);
            case DIALLING -> keeper.dial();
            case BACKING_OFF, GAVE_UP -> {
                keeper.dial();
                keeper.onDialFailed(phase == GAVE_UP ? UNWELCOME : REFUSED, now, HALF);
            }
        }
        assertThat(keeper.phase()).isEqualTo(phase);
        return keeper;
    }

    private List<PeerAddress> round(ConnectionKeeper keeper) {
        assertThat(keeper.onDeadline(keeper.deadlineNanos())).isTrue();
        List<PeerAddress> dialled = new ArrayList<>();
        while (keeper.phase() == DUE) {
            dialled.add(keeper.dial());
            keeper.onDialFailed(REFUSED, now, HALF);
        }
        return dialled;
    }
}
