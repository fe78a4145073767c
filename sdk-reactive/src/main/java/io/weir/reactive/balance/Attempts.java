package io.weir.reactive.balance;

import io.weir.core.balance.AttemptBudget;
import java.util.concurrent.atomic.AtomicInteger;

/** A group's budget for calls that are made a second time, by compare-and-set. Any thread. */
final class Attempts {

    private final AttemptBudget budget;
    private final AtomicInteger content;

    Attempts(AttemptBudget budget) {
        this.budget = budget;
        this.content = new AtomicInteger(budget.full());
    }

    /** A call has been made. */
    void onCall() {
        int now = content.get();
        while (now != budget.full() && !content.compareAndSet(now, budget.afterCall(now))) {
            now = content.get();
        }
    }

    /** Whether a call may be made a second time; it has been paid for then. */
    boolean tryExtra() {
        while (true) {
            int now = content.get();
            int left = budget.afterExtra(now);
            if (left < 0) {
                return false;
            }
            if (content.compareAndSet(now, left)) {
                return true;
            }
        }
    }
}
