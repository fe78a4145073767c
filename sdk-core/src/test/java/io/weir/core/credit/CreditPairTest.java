package io.weir.core.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Sending and receiving halves that share one memory budget, joined by a simulated link that delivers data in order and
 * may do to grants what a lossy link does.
 */
@Tag("long")
final class CreditPairTest {
    private static final long TICK_NANOS = 1_000_000;
    private static final int ELEMENTS = 600;

    /** What happens to WINDOW and BLOCKED. */
    enum Grants {
        ORDERED,
        DELAYED_AND_REORDERED,
        REPEATED,
        LOST,
        ALL_AT_ONCE
    }

    @ParameterizedTest
    @EnumSource(Grants.class)
    void neverExceedsCreditOrMemoryAndNeverDeadlocks(Grants grants) {
        for (long seed = 1; seed <= 60; seed++) {
            new Simulation(seed, grants).run();
        }
    }

    private static final class Simulation {
        final long seed;
        final Random random;
        final Grants grants;
        final MemoryBudget budget;
        final List<Pair> pairs = new ArrayList<>();
        long tick;

        Simulation(long seed, Grants grants) {
            this.seed = seed;
            this.random = new Random(seed);
            this.grants = grants;
            int halves = 1 + random.nextInt(4);
            long window = 256L << random.nextInt(6);
            this.budget = new MemoryBudget(window * halves * (2 + random.nextInt(6)), MemoryPool.unbounded());
            for (int i = 0; i < halves; i++) {
                pairs.add(new Pair(this, window));
            }
        }

        void run() {
            int idle = 0;
            while (!pairs.stream().allMatch(Pair::isDone)) {
                tick++;
                boolean moved = false;
                for (Pair pair : pairs) {
                    moved |= pair.step();
                }
                check();
                idle = moved ? 0 : idle + 1;
                if (idle > 2000) {
                    fail("%s, seed %d: deadlock at tick %d: %s", grants, seed, tick, pairs);
                }
            }
            pairs.forEach(pair -> pair.window.releaseAll());
            assertThat(budget.reserved()).as("%s, seed %d", grants, seed).isZero();
            assertThat(budget.growth()).as("%s, seed %d", grants, seed).isZero();
        }

        private void check() {
            long reserved = 0;
            for (Pair pair : pairs) {
                ReceiveWindow window = pair.window;
                reserved += window.reserved();
                boolean sound = window.limit() - window.consumed() <= window.reserved() + pair.payloadReserved
                        && pair.credit.sent() <= pair.credit.limit()
                        && pair.credit.limit() <= window.limit()
                        && pair.credit.consumed() <= window.consumed();
                if (!sound) {
                    fail("%s, seed %d, tick %d: %s", grants, seed, tick, pair);
                }
            }
            if (budget.reserved() != reserved || reserved > budget.maxBytes()) {
                fail("%s, seed %d, tick %d: %d reserved, %s", grants, seed, tick, budget.reserved(), pairs);
            }
        }
    }

    private record Fragment(long arrival, long cost, boolean first, long total) {}

    private record Control(long arrival, boolean blocked, long a, long b) {}

    private static final class Pair {
        final Simulation sim;
        final Random random;
        final int delay;
        final int appetite;
        final ArrayDeque<Long> backlog = new ArrayDeque<>();
        final ArrayDeque<Fragment> data = new ArrayDeque<>();
        final List<Control> control = new ArrayList<>();
        final SendCredit credit;
        final ReceiveWindow window;

        long restOfElement;
        final ArrayDeque<Long> queue = new ArrayDeque<>();
        long partial;
        long partialTotal;
        long payloadReserved;
        long payloadEnd;
        int consumedElements;
        boolean grantLater;

        Pair(Simulation sim, long initialWindow) {
            this.sim = sim;
            this.random = sim.random;
            this.delay = 1 + random.nextInt(20);
            this.appetite = 1 + random.nextInt(1 << random.nextInt(8));
            long largest = random.nextBoolean() ? initialWindow / 8 : 3 * initialWindow;
            for (int i = 0; i < ELEMENTS; i++) {
                backlog.add(16 + (random.nextInt(10) == 0 ? random.nextLong(largest) : random.nextLong(64)));
            }
            assertThat(sim.budget.tryReserve(initialWindow)).isTrue();
            credit = new SendCredit(initialWindow);
            long max = switch (random.nextInt(4)) {
                case 0 -> initialWindow;
                case 1 -> ReceiveWindow.GROW_FREELY;
                default -> 16 * initialWindow;
            };
            window = new ReceiveWindow(initialWindow, max, sim.budget);
        }

        @Override
        public String toString() {
            return "sent " + credit.sent() + " of " + credit.limit() + ", window told " + credit.window() + ", next "
                    + backlog.peek() + ", rest " + restOfElement + "; received " + window.received() + ", in part "
                    + partial + " of " + partialTotal + ", queued " + queue.size() + ", consumed "
                    + window.consumed() + ", limit " + window.limit() + ", window " + window.window() + ", payload "
                    + payloadReserved;
        }

        boolean isDone() {
            return consumedElements == ELEMENTS;
        }

        boolean step() {
            boolean moved = send();
            moved |= receive();
            moved |= consume();
            boolean unasked = sim.grants == Grants.REPEATED && random.nextInt(50) == 0;
            if (unasked || window.grantDue(!queue.isEmpty())) {
                grant();
            }
            deliverControl();
            if (sim.grants != Grants.ORDERED && sim.tick % 64 == 0) {
                // What was lost is sent again with its current values.
                grant();
                if (wantsToSend() && !canSend()) {
                    deliverLater(true, credit.limit(), credit.sent());
                }
            }
            return moved;
        }

        private boolean send() {
            boolean any = false;
            for (int i = random.nextInt(40); i > 0 && wantsToSend(); i--) {
                if (!canSend()) {
                    if (credit.pollBlocked()) {
                        deliverLater(true, credit.limit(), credit.sent());
                    }
                    break;
                }
                sendOne();
                any = true;
            }
            return any;
        }

        private boolean wantsToSend() {
            return restOfElement > 0 || !backlog.isEmpty();
        }

        private boolean canSend() {
            if (restOfElement > 0) {
                return credit.available() > 0;
            }
            long cost = backlog.element();
            return credit.fits(cost) || cost > credit.window() && credit.available() > 16;
        }

        private void sendOne() {
            boolean first = restOfElement == 0;
            long left = first ? backlog.remove() : restOfElement;
            long part = Math.min(left, credit.available());
            if (part > 17 && random.nextInt(20) == 0) {
                part = 17 + random.nextLong(part - 17);
            }
            credit.spend(part);
            restOfElement = left - part;
            data.add(new Fragment(sim.tick + delay, part, first, left));
        }

        private boolean receive() {
            boolean received = false;
            while (!data.isEmpty() && data.element().arrival <= sim.tick) {
                Fragment fragment = data.remove();
                assertThat(window.onReceived(fragment.cost))
                        .as("seed %d", sim.seed)
                        .isTrue();
                if (window.rttSampleDue()) {
                    window.sampleRtt(sim.tick * TICK_NANOS);
                }
                if (fragment.first) {
                    partialTotal = fragment.total;
                }
                partial += fragment.cost;
                if (partial == partialTotal) {
                    queue.add(partialTotal);
                    partial = 0;
                }
                received = true;
            }
            long end = window.received() - partial + partialTotal;
            if (partial > 0 && queue.isEmpty() && payloadReserved == 0 && end > window.consumed() + window.window()) {
                payloadReserved = partialTotal;
                payloadEnd = end;
                window.raiseForPayload(end);
            }
            return received;
        }

        private boolean consume() {
            boolean consumed = false;
            for (int i = random.nextInt(3) == 0 ? random.nextInt(appetite + 1) : 0; i > 0 && !queue.isEmpty(); i--) {
                window.onConsumed(queue.remove());
                consumedElements++;
                consumed = true;
                if (window.consumed() >= payloadEnd) {
                    payloadReserved = 0;
                }
            }
            return consumed;
        }

        private void grant() {
            long limit = window.grant(sim.tick * TICK_NANOS, partial == 0);
            deliverLater(false, window.consumed(), limit);
        }

        private void deliverLater(boolean blocked, long a, long b) {
            Grants how = sim.grants;
            if (how == Grants.LOST && random.nextInt(3) > 0) {
                return;
            }
            long arrival = switch (how) {
                case DELAYED_AND_REORDERED -> sim.tick + delay + random.nextInt(100);
                case ALL_AT_ONCE -> (sim.tick / 50 + 1) * 50;
                case ORDERED, REPEATED, LOST -> sim.tick + delay;
            };
            control.add(new Control(arrival, blocked, a, b));
            if (how == Grants.REPEATED) {
                control.add(new Control(arrival, blocked, a, b));
                control.add(new Control(arrival + random.nextInt(200), blocked, a, b));
            }
        }

        private void deliverControl() {
            long now = sim.tick * TICK_NANOS;
            for (Iterator<Control> i = control.iterator(); i.hasNext(); ) {
                Control c = i.next();
                if (c.arrival > sim.tick) {
                    continue;
                }
                i.remove();
                if (!c.blocked) {
                    assertThat(credit.onWindow(c.a, c.b))
                            .as("seed %d", sim.seed)
                            .isNull();
                } else if (window.onBlocked(c.a, c.b, random.nextBoolean(), now, TICK_NANOS)) {
                    grantLater = true;
                }
            }
            if (grantLater) {
                grantLater = false;
                grant();
            }
        }
    }
}
