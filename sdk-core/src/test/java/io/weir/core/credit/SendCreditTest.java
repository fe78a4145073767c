package io.weir.core.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.weir.core.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SendCreditTest {
    @Nested
    final class Grants {
        @Test
        void beginsWithTheInitialLimit() {
            SendCredit credit = new SendCredit(65_536);

            assertThat(credit.available()).isEqualTo(65_536);
            assertThat(credit.window()).isEqualTo(65_536);
            assertThat(credit.fits(65_536)).isTrue();
            assertThat(credit.fits(65_537)).isFalse();
        }

        @Test
        void raisesTheLimit() {
            SendCredit credit = new SendCredit(100);
            credit.spend(60);

            assertThat(credit.onWindow(50, 200)).isNull();

            assertThat(credit.limit()).isEqualTo(200);
            assertThat(credit.consumed()).isEqualTo(50);
            assertThat(credit.available()).isEqualTo(140);
            assertThat(credit.window()).isEqualTo(150);
            assertThat(credit.grantsReceived()).isEqualTo(1);
        }

        @Test
        void ignoresLimitsThatAreLowerOrEqual() {
            SendCredit credit = new SendCredit(100);
            credit.spend(60);
            credit.onWindow(50, 200);

            assertThat(credit.onWindow(40, 200)).isNull();
            assertThat(credit.onWindow(0, 0)).isNull();

            assertThat(credit.limit()).isEqualTo(200);
            assertThat(credit.consumed()).isEqualTo(50);
            assertThat(credit.grantsReceived()).isEqualTo(1);
        }

        @Test
        void learnsOfASmallerWindowFromAnEqualLimit() {
            SendCredit credit = new SendCredit(100);
            credit.spend(80);

            assertThat(credit.onWindow(80, 100)).isNull();

            assertThat(credit.window()).isEqualTo(20);
        }

        @Test
        void refusesConsumptionBeyondWhatWasSent() {
            SendCredit credit = new SendCredit(100);
            credit.spend(60);

            assertThat(credit.onWindow(61, 200)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            assertThat(credit.onWindow(-1, 200)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);

            assertThat(credit.limit()).isEqualTo(100);
            assertThat(credit.onWindow(60, 200)).isNull();
        }

        @Test
        void refusesLimitsBeyondTheOffsetSpace() {
            SendCredit credit = new SendCredit(100);

            assertThat(credit.onWindow(0, Cost.MAX_OFFSET)).isNull();
            assertThat(credit.onWindow(0, Cost.MAX_OFFSET + 1)).isEqualTo(ErrorCode.FLOW_CONTROL);
            assertThat(credit.onWindow(0, Long.MAX_VALUE)).isEqualTo(ErrorCode.FLOW_CONTROL);
            assertThat(credit.onWindow(0, -1)).isEqualTo(ErrorCode.FLOW_CONTROL);

            assertThat(credit.limit()).isEqualTo(Cost.MAX_OFFSET);
        }

        @Test
        void refusesInitialLimitsBeyondTheOffsetSpace() {
            assertThatIllegalArgumentException().isThrownBy(() -> new SendCredit(-1));
            assertThatIllegalArgumentException().isThrownBy(() -> new SendCredit(Cost.MAX_OFFSET + 1));
        }
    }

    @Nested
    final class Spending {
        @Test
        void givesBackWhatWasNotSent() {
            SendCredit credit = new SendCredit(100);
            credit.spend(60);

            credit.refund(40);

            assertThat(credit.sent()).isEqualTo(20);
            assertThat(credit.available()).isEqualTo(80);
        }

        @Test
        void neverSpendsWhatItDoesNotHave() {
            SendCredit credit = new SendCredit(100);

            assertThatIllegalStateException().isThrownBy(() -> credit.spend(101));
            assertThatIllegalStateException().isThrownBy(() -> credit.spend(-1));
            assertThat(credit.sent()).isZero();
            credit.spend(60);
            assertThatIllegalStateException().isThrownBy(() -> credit.spend(41));
            credit.spend(40);
            assertThat(credit.available()).isZero();
        }

        @Test
        void refundsNothingThatWasConsumed() {
            SendCredit credit = new SendCredit(100);
            credit.spend(60);
            credit.onWindow(50, 100);

            assertThatIllegalStateException().isThrownBy(() -> credit.refund(11));
            credit.refund(10);

            assertThat(credit.sent()).isEqualTo(50);
        }

        @Test
        void isExhaustedWhenNoElementFits() {
            SendCredit credit = new SendCredit(100);

            credit.spend(84);
            assertThat(credit.exhausted()).isFalse();
            credit.spend(1);
            assertThat(credit.exhausted()).isTrue();
        }

        @Test
        void saysBlockedOncePerLimit() {
            SendCredit credit = new SendCredit(100);
            credit.spend(100);

            assertThat(credit.pollBlocked()).isTrue();
            assertThat(credit.pollBlocked()).isFalse();
            credit.onWindow(100, 100);
            assertThat(credit.pollBlocked()).isFalse();
            credit.onWindow(100, 101);
            assertThat(credit.pollBlocked()).isTrue();
            assertThat(credit.pollBlocked()).isFalse();
        }

        @Test
        void saysBlockedWhenItStartsWithoutCredit() {
            assertThat(new SendCredit(0).pollBlocked()).isTrue();
        }
    }

    @Nested
    final class Demand {
        @Test
        void asksForOneFirstThenFor32AndDoublesUpTo256() {
            SendCredit credit = new SendCredit(1 << 30);

            assertThat(batches(credit, 80, 8)).containsExactly(1, 32, 49, 112, 224, 192, 192, 192);
        }

        @Test
        void keepsSixteenRequestedOnceOneElementWasWritten() {
            SendCredit credit = new SendCredit(1 << 30);
            credit.observe(80);
            credit.spend(80);

            int outstanding = credit.demand(0, 0);
            assertThat(outstanding).isEqualTo(32);
            for (int i = 0; i < 2_000; i++) {
                outstanding--;
                credit.observe(80);
                credit.spend(80);
                outstanding += credit.demand(outstanding, 0);
                assertThat(outstanding).isBetween(SendCredit.LEAST_REQUESTED, SendCredit.MAX_BATCH);
            }
        }

        @Test
        void keepsRequestedWhatCreditCoversWhereThatIsLess() {
            SendCredit credit = new SendCredit(1_000);
            credit.observe(100);
            credit.spend(100);
            int outstanding = credit.demand(0, 0);
            assertThat(outstanding).isEqualTo(9);

            outstanding -= 3;
            credit.spend(300);
            assertThat(credit.demand(outstanding, 0)).as("6 are covered").isZero();

            credit.onWindow(100, 1_500);
            assertThat(credit.demand(outstanding, 0)).as("11 are").isEqualTo(5);
        }

        @Test
        void whatIsHeldDoesNotStandForWhatIsRequested() {
            SendCredit credit = new SendCredit(1 << 20);
            batches(credit, 80, 8);

            assertThat(credit.demand(16, 60)).isZero();
            assertThat(credit.demand(15, 60)).isEqualTo(181);
        }

        @Test
        void asksAFastPublisherInLargeSteps() {
            SendCredit credit = new SendCredit(Cost.MAX_OFFSET);
            int outstanding = 0;
            int calls = 0;
            int asked = 0;
            while (asked < 100_000) {
                int more = credit.demand(outstanding, 0);
                calls += more > 0 ? 1 : 0;
                asked += more;
                outstanding += more - 1;
                credit.observe(80);
                credit.spend(80);
            }

            assertThat(asked / calls).isGreaterThan(180);
        }

        @Test
        void asksAgainAtAQuarterLeft() {
            SendCredit credit = new SendCredit(1 << 30);
            batches(credit, 80, 8);

            assertThat(credit.demand(65, 0)).isZero();
            assertThat(credit.demand(64, 0)).isEqualTo(192);
        }

        @Test
        void countsHeldElementsAsAskedFor() {
            SendCredit credit = new SendCredit(1 << 30);
            batches(credit, 80, 8);

            assertThat(credit.demand(32, 33)).isZero();
            assertThat(credit.demand(32, 32)).isEqualTo(192);
        }

        @Test
        void asksForNoMoreWhileTheFirstIsOutstanding() {
            SendCredit credit = new SendCredit(1000);

            assertThat(credit.demand(0, 0)).isEqualTo(1);
            assertThat(credit.demand(1, 0)).isZero();
            assertThat(credit.demand(0, 1)).isZero();
        }

        @Test
        void asksForNothingWithoutCredit() {
            SendCredit credit = new SendCredit(100);
            credit.observe(50);
            credit.spend(100);

            assertThat(credit.demand(0, 0)).isZero();
            assertThat(new SendCredit(0).demand(0, 0)).isZero();
        }

        @Test
        void theFirstElementTellsHowManyOfItsSizeCreditCarries() {
            SendCredit credit = new SendCredit(10 * 1040 + 1039);

            credit.observe(1040);

            assertThat(credit.demand(0, 0)).isEqualTo(10);
        }

        @Test
        void asksForOneWhileThereIsAnyCreditAndNothingIsHeld() {
            SendCredit credit = new SendCredit(1000);
            credit.observe(5000);

            assertThat(credit.demand(0, 0)).isEqualTo(1);
            assertThat(credit.demand(1, 0)).isZero();
            assertThat(credit.demand(0, 1)).isZero();
        }

        @Test
        void asksForWhatCreditCanCarry() {
            SendCredit credit = new SendCredit(1 << 20);
            batches(credit, 1040, 8);
            credit.spend(credit.available() - 10 * 1040 - 1039);

            assertThat(credit.demand(0, 0)).isEqualTo(10);
        }

        @Test
        void countsTheLargestRecentElement() {
            SendCredit credit = new SendCredit(100_000);
            for (int i = 0; i < 1000; i++) {
                credit.observe(80);
            }
            assertThat(credit.demand(0, 0)).isEqualTo(32);

            credit.observe(40_000);

            assertThat(credit.demand(0, 0))
                    .as("100,000 / 40,000, though the average is near 5,000")
                    .isEqualTo(2);
            credit.spend(50_000);
            assertThat(credit.demand(0, 0)).isEqualTo(1);
        }

        @Test
        void forgetsALargeElementInTime() {
            SendCredit credit = new SendCredit(1 << 30);
            batches(credit, 80, 8);
            credit.observe(16_400);
            for (int i = 0; i < 1500; i++) {
                credit.observe(80);
            }
            credit.spend(credit.available() - 256 * 80);

            assertThat(credit.demand(0, 0)).isEqualTo(256);
        }

        @Test
        void keepsItsPaceAcrossAWaitForCredit() {
            SendCredit credit = new SendCredit(1 << 20);
            batches(credit, 80, 8);
            long before = credit.sent();
            credit.spend(credit.available() - 79);
            assertThat(credit.demand(0, 0)).isEqualTo(1);

            credit.onWindow(before, credit.limit() + 65_536);

            assertThat(credit.demand(0, 0)).isEqualTo(256);
        }

        @Test
        void takesAbsurdCosts() {
            SendCredit credit = new SendCredit(Cost.MAX_OFFSET);
            credit.observe(Long.MAX_VALUE);
            credit.observe(0);
            credit.observe(-1);
            credit.observe(Long.MAX_VALUE);

            assertThat(credit.demand(0, 0)).isBetween(1, 256);
        }

        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3, 4, 5})
        void neverAsksForMoreThanOneSurprisingBatch(long seed) {
            Random random = new Random(seed);
            SendCredit credit = new SendCredit(65_536);
            int outstanding = 0;
            List<Long> held = new ArrayList<>();

            for (int step = 0; step < 20_000; step++) {
                int asked = credit.demand(outstanding, held.size());
                assertThat(asked == 0 || credit.available() > 0)
                        .as("seed %d, step %d", seed, step)
                        .isTrue();
                outstanding += asked;
                assertThat(outstanding + held.size())
                        .as("seed %d, step %d", seed, step)
                        .isBetween(0, 256);
                if (outstanding > 0 && random.nextInt(4) > 0) {
                    outstanding--;
                    long cost = 16 + (random.nextInt(50) == 0 ? random.nextInt(60_000) : random.nextInt(200));
                    credit.observe(cost);
                    held.add(cost);
                }
                while (!held.isEmpty() && credit.fits(held.get(0))) {
                    credit.spend(held.remove(0));
                }
                if (random.nextInt(20) == 0) {
                    credit.onWindow(credit.sent(), credit.sent() + 65_536);
                }
                if (outstanding == 0 && held.isEmpty() && credit.available() > 0) {
                    assertThat(credit.demand(0, 0))
                            .as("seed %d, step %d", seed, step)
                            .isPositive();
                }
            }
        }

        /** The first sizes asked for by a half whose publisher answers at once with elements of one cost. */
        private static List<Integer> batches(SendCredit credit, long cost, int count) {
            List<Integer> sizes = new ArrayList<>();
            int outstanding = 0;
            while (true) {
                int asked = credit.demand(outstanding, 0);
                if (asked > 0) {
                    if (sizes.size() == count) {
                        return sizes;
                    }
                    sizes.add(asked);
                    outstanding += asked;
                }
                outstanding--;
                credit.observe(cost);
                credit.spend(cost);
            }
        }
    }
}
