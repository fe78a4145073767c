package io.weir.core.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class ReceiveWindowTest {
    private static final long MILLI = 1_000_000;
    private static final long W = 65_536;
    private static final long RTT = 10 * MILLI;

    private final MemoryBudget budget = new MemoryBudget(16 << 20, MemoryPool.unbounded());

    @Nested
    final class Grants {
        @Test
        void areDueWhenTheLimitCanMoveByAQuarter() {
            ReceiveWindow window = open(W, W);
            receive(window, W);

            window.onConsumed(W / 4 - 1);
            assertThat(window.grantDue()).isFalse();
            window.onConsumed(1);
            assertThat(window.grantDue()).isTrue();

            assertThat(window.grant(0)).isEqualTo(W + W / 4);
            assertThat(window.grantDue()).isFalse();
            assertThat(window.grantsSent()).isEqualTo(1);
        }

        @Test
        void areDueAtOnceWhenThePeerIsBlocked() {
            ReceiveWindow window = open(W, W);
            receive(window, W);
            window.onConsumed(16);

            assertThat(blocked(window, W, false, 0)).isTrue();

            assertThat(window.grant(0)).isEqualTo(W + 16);
            assertThat(window.grantDue()).isFalse();
        }

        @Test
        void waitForConsumptionWhenNothingCanMove() {
            ReceiveWindow window = open(W, W);
            receive(window, W);

            assertThat(blocked(window, W, false, 0)).isFalse();

            window.onConsumed(16);
            assertThat(window.grantDue()).isTrue();
            assertThat(window.grantDue(true))
                    .as("the subscriber has more to take")
                    .isFalse();
        }

        @Test
        void areNotHastenedByABlockedThatAGrantHasOvertaken() {
            ReceiveWindow window = open(W, W);
            receive(window, W);
            window.onConsumed(W / 4);
            window.grant(0);
            window.onConsumed(16);

            assertThat(blocked(window, W, false, 0)).isFalse();
        }

        @Test
        void ignoreABlockedAtALimitThatWasNeverGranted() {
            ReceiveWindow window = open(W, W);
            receive(window, 16);
            window.onConsumed(16);

            assertThat(blocked(window, W + 1, true, 0)).isFalse();
            assertThat(window.grantDue()).isFalse();
        }

        @Test
        void repeatTheLimitHarmlesslyWhenNothingIsDue() {
            ReceiveWindow window = open(W, W);

            assertThat(window.grant(0)).isEqualTo(W);

            assertThat(window.grantsSent()).isZero();
        }

        @Test
        void neverPassTheOffsetSpace() {
            MemoryBudget huge = new MemoryBudget(Long.MAX_VALUE, MemoryPool.unbounded());
            huge.tryReserve(Cost.MAX_OFFSET);
            ReceiveWindow window = new ReceiveWindow(Cost.MAX_OFFSET, Cost.MAX_OFFSET, huge);
            receive(window, Cost.MAX_OFFSET);
            window.onConsumed(Cost.MAX_OFFSET);

            assertThat(window.grant(0)).isEqualTo(Cost.MAX_OFFSET);
            assertThat(window.onReceived(1)).isFalse();
        }
    }

    @Nested
    final class Violations {
        @Test
        void areSeenAtTheFirstByteBeyondTheLimit() {
            ReceiveWindow window = open(W, W);

            assertThat(window.onReceived(W)).isTrue();
            assertThat(window.onReceived(1)).isFalse();
            assertThat(window.onReceived(0)).isTrue();
            assertThat(window.received()).isEqualTo(W);
        }

        @Test
        void areSeenWhateverTheCost() {
            ReceiveWindow window = open(W, W);
            receive(window, 100);

            assertThat(window.onReceived(Long.MAX_VALUE)).isFalse();
            assertThat(window.onReceived(-1)).isFalse();
            assertThat(window.received()).isEqualTo(100);
        }

        @Test
        void ofTheCallerAreItsOwnFault() {
            ReceiveWindow window = open(W, W);
            receive(window, 100);

            assertThatIllegalStateException().isThrownBy(() -> window.onConsumed(101));
            assertThatIllegalStateException().isThrownBy(() -> window.onConsumed(-1));
            window.onConsumed(60);
            assertThatIllegalStateException()
                    .as("consumed twice")
                    .isThrownBy(() -> window.onConsumed(41))
                    .withMessageContaining("41 of 40");
            assertThatIllegalArgumentException().isThrownBy(() -> new ReceiveWindow(-1, W, budget));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ReceiveWindow(Cost.MAX_OFFSET + 1, Long.MAX_VALUE, budget));
            assertThatIllegalArgumentException().isThrownBy(() -> new ReceiveWindow(W, W - 1, budget));
            assertThatIllegalArgumentException().isThrownBy(() -> new ReceiveWindow(W, Cost.MAX_OFFSET + 1, budget));
            assertThatIllegalArgumentException().isThrownBy(() -> window.configure(-1, W));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> window.configure(Cost.MAX_OFFSET + 1, Long.MAX_VALUE));
        }
    }

    @Nested
    final class AutoTuning {
        @Test
        void doublesAWindowConsumedWithinTwoRoundTripsUnderDemandByABlockedPeer() {
            ReceiveWindow window = open(W, 4 * W);
            consumeWindows(window, 2, 2 * RTT);

            assertThat(blocked(window, window.limit(), true, 4 * RTT)).isTrue();

            assertThat(window.window()).isEqualTo(2 * W);
            assertThat(window.reserved()).isEqualTo(2 * W);
            assertThat(budget.reserved()).isEqualTo(2 * W);
            assertThat(window.grant(4 * RTT)).isEqualTo(window.consumed() + 2 * W);
        }

        @Test
        void doublesForABlockedThatAGrantHasOvertaken() {
            ReceiveWindow window = open(W, 4 * W);
            consumeWindows(window, 2, RTT);

            assertThat(blocked(window, window.limit() - W / 4, true, 2 * RTT)).isTrue();

            assertThat(window.window()).isEqualTo(2 * W);
        }

        @Test
        void leavesAWindowConsumedSlowly() {
            ReceiveWindow window = open(W, 4 * W);
            consumeWindows(window, 2, 2 * RTT + 1);

            blocked(window, window.limit(), true, 2 * (2 * RTT + 1));

            assertThat(window.window()).isEqualTo(W);
        }

        @Test
        void leavesAWindowWithoutDemand() {
            ReceiveWindow window = open(W, 4 * W);
            consumeWindows(window, 2, RTT);

            blocked(window, window.limit(), false, 2 * RTT);

            assertThat(window.window()).isEqualTo(W);
        }

        @Test
        void leavesAWindowWhosePeerNeverSaysBlocked() {
            ReceiveWindow window = open(W, 4 * W);

            consumeWindows(window, 50, RTT / 100);

            assertThat(window.window()).isEqualTo(W);
        }

        @Test
        void leavesAWindowOfWhichLessThanAllWasConsumed() {
            ReceiveWindow window = open(W, 4 * W);
            receive(window, W);
            window.onConsumed(W - 1);

            blocked(window, W, true, 0);

            assertThat(window.window()).isEqualTo(W);
        }

        @Test
        void leavesAWindowThatWasFastBeforeALongPause() {
            ReceiveWindow window = open(W, 4 * W);
            consumeWindows(window, 4, RTT / 10);

            blocked(window, window.limit(), true, 1000 * RTT);

            assertThat(window.window()).isEqualTo(W);
        }

        @Test
        void needsAFullWindowBetweenDoublings() {
            ReceiveWindow window = open(W, 16 * W);
            consumeWindows(window, 2, RTT);
            blocked(window, window.limit(), true, 2 * RTT);
            window.grant(2 * RTT);

            for (int i = 0; i < 10; i++) {
                blocked(window, window.limit(), true, 2 * RTT);
            }
            assertThat(window.window()).isEqualTo(2 * W);

            receive(window, 2 * W);
            window.onConsumed(2 * W);
            blocked(window, window.limit(), true, 3 * RTT);
            assertThat(window.window()).isEqualTo(4 * W);
        }

        @Test
        void countsNothingTowardsADoublingThatWasConsumedBeforeTheLastOne() {
            ReceiveWindow window = open(W, 16 * W);
            consumeWindows(window, 1, RTT);
            blocked(window, window.limit(), true, RTT);
            window.grant(RTT);
            assertThat(window.window()).isEqualTo(2 * W);

            receive(window, W);
            window.onConsumed(W);
            blocked(window, window.limit(), true, RTT);

            assertThat(window.window())
                    .as("half a window has been consumed since")
                    .isEqualTo(2 * W);
        }

        @Test
        void doublesAfterTheFirstWindowWhateverTheClockSays() {
            for (long now : new long[] {Long.MIN_VALUE / 2, -1, 0, 1_000_000 * RTT, Long.MAX_VALUE / 2}) {
                ReceiveWindow window = open(W, 4 * W);
                receive(window, W);
                window.onConsumed(W);

                blocked(window, W, true, now);

                assertThat(window.window()).as("at %d", now).isEqualTo(2 * W);
            }
        }

        @Test
        void widensNothingForALimitThatWasNeverGranted() {
            ReceiveWindow window = open(W, ReceiveWindow.GROW_FREELY);

            assertThat(blocked(window, W + 1, true, 0)).isFalse();

            assertThat(window.window()).isEqualTo(W);
        }

        @Test
        void grantsNothingForGrowthThatWasRefused() {
            MemoryBudget full = new MemoryBudget(W, MemoryPool.unbounded());
            full.tryReserve(W);
            ReceiveWindow window = new ReceiveWindow(W, ReceiveWindow.GROW_FREELY, full);
            receive(window, W);

            assertThat(blocked(window, W, true, 0)).as("a grant is due").isFalse();

            assertThat(full.growthRefusals()).isEqualTo(1);
        }

        @Test
        void stopsAtTheMaximum() {
            ReceiveWindow window = open(W, 3 * W);

            assertThat(growAsFarAsPossible(window)).isEqualTo(3 * W);
            assertThat(budget.reserved()).isEqualTo(3 * W);
        }

        @Test
        void neverWidensAFixedWindow() {
            assertThat(growAsFarAsPossible(open(W, W))).isEqualTo(W);
        }

        @Test
        void isRefusedGrowthButNeverItsBaseWhenMemoryIsShort() {
            MemoryBudget small = new MemoryBudget(2 * W, 2 * W, MemoryPool.unbounded());
            small.tryReserve(W);
            small.tryReserve(1);
            ReceiveWindow window = new ReceiveWindow(W, 4 * W, small);

            assertThat(growAsFarAsPossible(window)).isEqualTo(W);

            assertThat(small.growthRefusals()).isPositive();
            assertThat(small.reserved()).isEqualTo(W + 1);
            assertThat(window.limit()).isEqualTo(window.consumed() + W);
        }

        @Test
        void growsFreelyInsideTheBudget() {
            MemoryBudget small = new MemoryBudget(16 * W, 8 * W, MemoryPool.unbounded());
            small.tryReserve(W);
            ReceiveWindow window = new ReceiveWindow(W, ReceiveWindow.GROW_FREELY, small);

            for (int i = 0; i < 10; i++) {
                receive(window, window.limit() - window.received());
                blocked(window, window.limit(), false, i * 1000 * RTT);
                window.grant(i * 1000 * RTT);
            }

            assertThat(window.consumed()).isZero();
            assertThat(window.limit()).isEqualTo(8 * W);
            assertThat(small.reserved()).isEqualTo(8 * W);
        }

        @Test
        void goesByItsOwnRoundTripSampleWhereNobodyMeasures() {
            ReceiveWindow window = open(W, 4 * W);
            receive(window, W);
            blocked(window, W, true, 0);
            window.onConsumed(W);
            window.grant(0);

            receive(window, 16);
            assertThat(window.rttSampleDue()).isTrue();
            window.sampleRtt(100 * MILLI);

            assertThat(window.rttSampleDue()).isFalse();
            assertThat(window.rttNanos()).isEqualTo(100 * MILLI);
        }

        @Test
        void followsAShorterRoundTripAtOnceAndALongerOneSlowly() {
            ReceiveWindow window = open(W, W);

            assertThat(sampled(window, 40)).isEqualTo(40 * MILLI);
            assertThat(sampled(window, 120)).as("40 + 80 / 8").isEqualTo(50 * MILLI);
            assertThat(sampled(window, 10)).isEqualTo(10 * MILLI);
        }

        private long sampled(ReceiveWindow window, long millis) {
            receive(window, window.limit() - window.received());
            window.onBlocked(window.limit(), window.received(), true, 0, 0);
            window.onConsumed(window.received() - window.consumed());
            window.grant(0);
            receive(window, 16);
            window.sampleRtt(millis * MILLI);
            return window.rttNanos();
        }

        @Test
        void takesNoSampleFromAPeerThatWasNotBlocked() {
            ReceiveWindow window = open(W, 4 * W);
            receive(window, W);
            window.onConsumed(W);
            window.grant(0);
            receive(window, 16);

            assertThat(window.rttSampleDue()).isFalse();
            window.sampleRtt(100 * MILLI);
            assertThat(window.rttNanos()).isZero();
        }

        @Test
        void takesASampleWhenTheBlockedComesAfterTheGrant() {
            ReceiveWindow window = open(W, W);
            receive(window, W);
            window.onConsumed(W / 4);
            window.grant(5 * MILLI);
            window.onBlocked(W, W, true, 6 * MILLI, MILLI);
            receive(window, 16);

            window.sampleRtt(45 * MILLI);

            assertThat(window.rttNanos()).isEqualTo(40 * MILLI);
        }

        @Test
        void completesASampleLateRatherThanNever() {
            ReceiveWindow window = open(W, W);
            receive(window, W);
            blocked(window, W, true, 0);
            window.onConsumed(W);
            window.grant(0);
            receive(window, W);

            window.onBlocked(2 * W, 2 * W, true, 30 * MILLI, MILLI);

            assertThat(window.rttNanos()).isEqualTo(30 * MILLI);
        }
    }

    @Nested
    final class Shrinking {
        @Test
        void halvesASlowWindowOnceOthersAreRefused() {
            ReceiveWindow window = open(W, 4 * W);
            growAsFarAsPossible(window);
            long limit = window.limit();
            refuseGrowthToSomeone();

            receive(window, 4 * W);
            window.onConsumed(W);
            long granted = window.grant(1000 * RTT, true);

            assertThat(window.window()).isEqualTo(2 * W);
            assertThat(granted).as("it shrinks by not advancing").isEqualTo(limit);
            assertThat(window.reserved()).as("what is granted stays reserved").isEqualTo(3 * W);
            assertThat(budget.reserved()).isEqualTo(3 * W);
            window.onConsumed(3 * W);
            assertThat(window.reserved()).isEqualTo(2 * W);
            assertThat(window.grant(1000 * RTT)).isEqualTo(limit + 2 * W);
        }

        @Test
        void neverHappensInTheMiddleOfAnElement() {
            ReceiveWindow window = open(W, 4 * W);
            growAsFarAsPossible(window);
            refuseGrowthToSomeone();
            receive(window, 4 * W);
            window.onConsumed(W);

            window.grant(1000 * RTT, false);

            assertThat(window.window()).isEqualTo(4 * W);
        }

        @Test
        void leavesAFastWindow() {
            ReceiveWindow window = open(W, 4 * W);
            growAsFarAsPossible(window);
            refuseGrowthToSomeone();

            long now = 0;
            for (int i = 0; i < 10; i++) {
                receive(window, 4 * W);
                window.onConsumed(4 * W);
                now += RTT;
                window.grant(now, true);
            }

            assertThat(window.window()).isEqualTo(4 * W);
        }

        @Test
        void leavesASlowWindowWhileNobodyIsRefused() {
            ReceiveWindow window = open(W, 4 * W);
            growAsFarAsPossible(window);

            receive(window, 4 * W);
            window.onConsumed(4 * W);
            window.grant(1000 * RTT, true);

            assertThat(window.window()).isEqualTo(4 * W);
        }

        @Test
        void endsAtTheBase() {
            ReceiveWindow window = open(W, 4 * W);
            growAsFarAsPossible(window);

            long now = RTT;
            for (int i = 0; i < 10; i++) {
                refuseGrowthToSomeone();
                receive(window, window.limit() - window.received());
                window.onConsumed(window.received() - window.consumed());
                now += 1000 * RTT;
                window.grant(now, true);
            }

            assertThat(window.window()).isEqualTo(W);
            assertThat(budget.reserved()).isEqualTo(W);
            assertThat(budget.growth()).isZero();
        }

        @Test
        void tellsABlockedPeerThatTheWindowIsSmaller() {
            ReceiveWindow window = open(W, 4 * W);
            growAsFarAsPossible(window);
            refuseGrowthToSomeone();
            long limit = window.limit();
            receive(window, 3 * W);
            window.onConsumed(W);
            window.grant(1000 * RTT, true);
            window.onConsumed(W);

            assertThat(blocked(window, limit, false, 1000 * RTT)).isTrue();

            assertThat(window.grant(1000 * RTT)).isEqualTo(limit);
            assertThat(window.grantDue()).as("told once for each consumption").isFalse();
        }

        private void refuseGrowthToSomeone() {
            assertThat(budget.tryReserveGrowth(budget.maxBytes() + 1)).isFalse();
        }
    }

    @Nested
    final class Configuration {
        @Test
        void reservesALargerWindowAsBase() {
            ReceiveWindow window = open(W, W);

            assertThat(window.configure(4 * W, 8 * W)).isTrue();

            assertThat(window.window()).isEqualTo(4 * W);
            assertThat(window.grant(0)).isEqualTo(4 * W);
            assertThat(budget.reserved()).isEqualTo(4 * W);
            assertThat(budget.growth()).isZero();
            assertThat(window.releaseAll()).as("given back at the end").isEqualTo(4 * W);
            assertThat(budget.reserved()).isZero();
        }

        @Test
        void takesGrowthThatIsThereForTheWindowThatIsAskedFor() {
            MemoryBudget tight = new MemoryBudget(2 * W, 2 * W, MemoryPool.unbounded());
            tight.tryReserve(W);
            ReceiveWindow window = new ReceiveWindow(W, ReceiveWindow.GROW_FREELY, tight);
            receive(window, W);
            blocked(window, W, false, 0);
            assertThat(tight.growth()).isEqualTo(W);

            window.configure(2 * W, 2 * W);

            assertThat(window.reserved())
                    .as("all of the budget, and nothing twice")
                    .isEqualTo(2 * W);
            assertThat(window.grant(0)).isEqualTo(2 * W);
            assertThat(window.releaseAll()).isEqualTo(2 * W);
            assertThat(tight.reserved()).isZero();
        }

        @Test
        void keepsTheWindowWhenThereIsNoMemoryForALargerOne() {
            budget.tryReserve(budget.available() - W);
            ReceiveWindow window = open(W, W);

            assertThat(window.configure(4 * W, 8 * W)).isFalse();

            assertThat(window.window()).isEqualTo(W);
            assertThat(window.reserved()).isEqualTo(W);
        }

        @Test
        void shrinksToASmallerWindowAsTheSubscriberConsumes() {
            ReceiveWindow window = open(W, W);

            assertThat(window.configure(1024, 1024)).isFalse();

            assertThat(window.limit()).isEqualTo(W);
            assertThat(window.reserved()).isEqualTo(W);
            receive(window, W);
            window.onConsumed(W - 1024 + 255);
            assertThat(window.grantDue()).isFalse();
            window.onConsumed(1);
            assertThat(window.grantDue()).isTrue();
            assertThat(window.grant(0)).isEqualTo(W + 256);
            assertThat(window.reserved()).isEqualTo(1024);
            assertThat(budget.reserved()).isEqualTo(1024);
        }

        @Test
        void freesTheGrowthOfAWindowOfNoSize() {
            ReceiveWindow window = open(W, W);
            assertThat(window.configure(ReceiveWindow.GROW_FREELY, 0))
                    .as("a grant is due")
                    .isFalse();

            blocked(window, W, false, 0);

            assertThat(window.window()).isEqualTo(2 * W);
        }
    }

    @Nested
    final class LargePayloads {
        @Test
        void raiseTheLimitAtOnce() {
            ReceiveWindow window = open(W, W);
            receive(window, 1000);

            window.raiseForPayload(500_000);

            assertThat(window.grantDue()).isTrue();
            assertThat(window.grant(0)).isEqualTo(500_000);
            assertThat(window.grantDue()).isFalse();
            assertThat(window.reserved())
                    .as("the payload's stream keeps its own reservation")
                    .isEqualTo(W);
        }

        @Test
        void leaveTheWindowAsItWasBehindThem() {
            ReceiveWindow window = open(W, W);
            window.raiseForPayload(500_000);
            window.grant(0);
            receive(window, 500_000);

            window.onConsumed(500_000);

            assertThat(window.grantDue()).isTrue();
            assertThat(window.grant(0)).isEqualTo(500_000 + W);
        }

        @Test
        void changeNothingWhenTheyFitTheLimit() {
            ReceiveWindow window = open(W, W);

            window.raiseForPayload(W);

            assertThat(window.grantDue()).isFalse();
            assertThat(window.grant(0)).isEqualTo(W);
        }

        @Test
        void neverPassTheOffsetSpace() {
            ReceiveWindow window = open(W, W);

            window.raiseForPayload(Long.MAX_VALUE);

            assertThat(window.grant(0)).isEqualTo(Cost.MAX_OFFSET);
        }
    }

    @Nested
    final class Ends {
        @Test
        void giveEverythingBackOnce() {
            ReceiveWindow window = open(W, 4 * W);
            growAsFarAsPossible(window);

            assertThat(window.releaseAll()).isEqualTo(4 * W);
            assertThat(window.releaseAll()).isZero();

            assertThat(budget.reserved()).isZero();
            assertThat(budget.growth()).isZero();
            assertThat(window.reserved()).isZero();
        }

        @Test
        void grantNothingMoreButAbsorbUpToTheLastLimit() {
            ReceiveWindow window = open(W, 4 * W);
            receive(window, W / 2);
            window.releaseAll();

            window.onConsumed(W / 2);
            window.raiseForPayload(10 * W);

            assertThat(window.grantDue()).isFalse();
            assertThat(blocked(window, W, true, 0)).isFalse();
            assertThat(window.configure(8 * W, 8 * W)).isFalse();
            assertThat(window.grant(0)).isEqualTo(W);
            assertThat(window.onReceived(W / 2)).isTrue();
            assertThat(window.onReceived(1)).isFalse();
            assertThat(budget.reserved()).isZero();
        }
    }

    private ReceiveWindow open(long initial, long max) {
        assertThat(budget.tryReserve(initial)).isTrue();
        return new ReceiveWindow(initial, max, budget);
    }

    private static void receive(ReceiveWindow window, long cost) {
        assertThat(window.onReceived(cost)).isTrue();
    }

    private static boolean blocked(ReceiveWindow window, long limit, boolean demand, long now) {
        return window.onBlocked(limit, window.received(), demand, now, RTT);
    }

    /** Sends and consumes that many windows, each in quarters and in {@code nanosEach}, with a grant after each quarter. */
    private static void consumeWindows(ReceiveWindow window, int count, long nanosEach) {
        long quarter = window.window() / 4;
        for (int i = 0; i < 4 * count; i++) {
            receive(window, quarter);
            window.onConsumed(quarter);
            window.grant((i + 1) * nanosEach / 4);
        }
    }

    private static long growAsFarAsPossible(ReceiveWindow window) {
        for (int i = 0; i < 20; i++) {
            receive(window, window.window());
            window.onConsumed(window.window());
            blocked(window, window.limit(), true, i);
            window.grant(i);
        }
        return window.window();
    }
}
