package io.weir.core.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

final class MemoryBudgetTest {
    @Test
    void reservesUpToItsBoundAndNotAByteMore() {
        MemoryBudget budget = new MemoryBudget(100, MemoryPool.unbounded());

        assertThat(budget.tryReserve(100)).isTrue();
        assertThat(budget.tryReserve(1)).isFalse();
        assertThat(budget.tryReserve(0)).isTrue();

        assertThat(budget.reserved()).isEqualTo(100);
        assertThat(budget.available()).isZero();
    }

    @Test
    void takesBackWhatWasReserved() {
        MemoryBudget budget = new MemoryBudget(100, MemoryPool.unbounded());
        budget.tryReserve(100);

        budget.release(40);

        assertThat(budget.reserved()).isEqualTo(60);
        assertThat(budget.tryReserve(40)).isTrue();
    }

    @Test
    void reservesInItsParentTooAndNothingIfThatRefuses() {
        MemoryBudget node = new MemoryBudget(100, MemoryPool.unbounded());
        MemoryBudget first = new MemoryBudget(80, node);
        MemoryBudget second = new MemoryBudget(80, node);

        assertThat(first.tryReserve(80)).isTrue();
        assertThat(second.tryReserve(21)).isFalse();
        assertThat(second.reserved()).isZero();
        assertThat(second.tryReserve(20)).isTrue();
        assertThat(node.reserved()).isEqualTo(100);

        first.release(80);
        assertThat(node.reserved()).isEqualTo(20);
    }

    @Test
    void capsGrowthOnItsOwn() {
        MemoryBudget budget = new MemoryBudget(100, 25, MemoryPool.unbounded());

        assertThat(budget.tryReserveGrowth(25)).isTrue();
        assertThat(budget.tryReserveGrowth(1)).isFalse();

        assertThat(budget.growth()).isEqualTo(25);
        assertThat(budget.growthRefusals()).isEqualTo(1);
        assertThat(budget.tryReserve(75))
                .as("base promises may use all the rest")
                .isTrue();
    }

    @Test
    void lendsHalfToGrowthUnlessTold() {
        MemoryBudget budget = new MemoryBudget(100, MemoryPool.unbounded());

        assertThat(budget.tryReserveGrowth(51)).isFalse();
        assertThat(budget.tryReserveGrowth(50)).isTrue();
    }

    /** Otherwise a few busy streams of each of some sessions would leave nobody a request. */
    @Test
    void growthOfAllSessionsLeavesHalfOfTheParentFree() {
        MemoryBudget node = new MemoryBudget(100, MemoryPool.unbounded());
        for (int i = 0; i < 10; i++) {
            new MemoryBudget(40, 20, node).tryReserveGrowth(20);
            new MemoryBudget(40, 20, node).tryReserveGrowth(10);
        }

        MemoryBudget other = new MemoryBudget(40, 20, node);
        assertThat(node.reserved()).isEqualTo(50);
        assertThat(other.tryReserveGrowth(1)).isFalse();
        assertThat(other.leaves(1, 25))
                .as("a request, which leaves a quarter to answers")
                .isTrue();
        assertThat(other.tryReserve(40)).isTrue();
    }

    @Test
    void refusesGrowthThatTheWholeBudgetHasNoRoomFor() {
        MemoryBudget budget = new MemoryBudget(100, 50, MemoryPool.unbounded());
        budget.tryReserve(80);

        assertThat(budget.tryReserveGrowth(21)).isFalse();

        assertThat(budget.growth()).isZero();
        assertThat(budget.reserved()).isEqualTo(80);
        assertThat(budget.growthRefusals()).isEqualTo(1);
    }

    @Test
    void tellsBaseAndGrowthApartWhenReleased() {
        MemoryBudget budget = new MemoryBudget(100, 50, MemoryPool.unbounded());
        budget.tryReserve(10);
        budget.tryReserveGrowth(20);

        assertThatIllegalStateException().isThrownBy(() -> budget.release(11)).withMessageContaining("10");
        assertThatIllegalStateException()
                .isThrownBy(() -> budget.releaseGrowth(21))
                .withMessageContaining("20");
        budget.releaseGrowth(20);
        budget.release(10);

        assertThat(budget.reserved()).isZero();
        assertThat(budget.growth()).isZero();
    }

    @Test
    void tellsWhatIsFreeHereAndInTheParent() {
        MemoryBudget node = new MemoryBudget(100, MemoryPool.unbounded());
        MemoryBudget session = new MemoryBudget(60, node);
        MemoryBudget other = new MemoryBudget(100, node);

        assertThat(session.free()).isEqualTo(60);
        other.tryReserve(70);
        assertThat(session.free()).as("what the other has left").isEqualTo(30);
    }

    @Test
    void leavesQuartersHereAndInTheParent() {
        MemoryBudget node = new MemoryBudget(100, MemoryPool.unbounded());
        MemoryBudget session = new MemoryBudget(60, node);
        MemoryBudget other = new MemoryBudget(100, node);

        assertThat(session.leaves(3, 15)).isTrue();
        assertThat(session.leaves(3, 16)).as("less than 45 of 60 here").isFalse();
        other.tryReserve(40);
        assertThat(session.leaves(2, 10)).isTrue();
        assertThat(session.leaves(2, 11)).as("less than 50 of 100 there").isFalse();
    }

    @Test
    void doesNotOverflow() {
        MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE, Long.MAX_VALUE, MemoryPool.unbounded());
        budget.tryReserve(10);

        assertThat(budget.tryReserve(Long.MAX_VALUE)).isFalse();
        assertThat(budget.tryReserveGrowth(Long.MAX_VALUE)).isFalse();
        assertThat(budget.tryReserve(Long.MAX_VALUE - 10)).isTrue();
    }

    @Test
    void refusesNegativeAmounts() {
        MemoryBudget budget = new MemoryBudget(100, MemoryPool.unbounded());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> budget.tryReserve(-1))
                .withMessage("bytes is -1; legal: at least 0");
        assertThatIllegalArgumentException().isThrownBy(() -> budget.release(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new MemoryBudget(-1, MemoryPool.unbounded()));
        assertThatIllegalArgumentException().isThrownBy(() -> new MemoryBudget(1, -1, MemoryPool.unbounded()));
    }
}
