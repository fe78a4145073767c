package io.weir.core.schedule;

import org.jspecify.annotations.Nullable;

/**
 * Deficit round robin over flows that have data and credit (M. Shreedhar, G. Varghese, "Efficient Fair Queuing Using
 * Deficit Round-Robin", 1996): O(1) for each turn, fair in bytes whatever the sizes of the elements.
 *
 * <p>Active flows form a ring. At each turn a flow's allowance rises by quantum x weight; what it serves is taken off. An
 * element may be larger than the allowance: a flow either serves it anyway, and its debt lets it miss turns until it is
 * paid, or waits, and its allowance adds up. A flow that has nothing more to send leaves the ring and loses what is left
 * of its allowance, but not its debt, so nothing is gained by coming and going.
 *
 * <p>The ring is threaded through the flows themselves, so neither a turn nor a flow that comes or goes allocates. While
 * a flow is being served, every flow, itself included, may be activated or removed. A flow that is activated during its
 * own turn is not activated again: its {@link Flow#turn()} is asked after it has served and tells the state it is in then.
 *
 * <p>Confined to one thread. The ring holds no more flows than there are open streams, which others limit.
 *
 * @param <C> what flows serve into
 */
public final class DeficitRoundRobin<C> {
    /** Highest weight that counts; above it, a flow is treated as having this one. */
    public static final int MAX_WEIGHT = 256;

    /** An allowance that no real element needs: a flow that has gathered it says SPENT and serves nothing. */
    private static final long MAX_ALLOWANCE = 1L << 32;

    private final int quantum;
    /** The flow whose turn it is. */
    private @Nullable Flow<C> head;
    /** The head has had its quantum and keeps its turn. */
    private boolean turnOpen;
    /** The flow inside {@link Flow#serve}, unless it has been removed from there. */
    private @Nullable Flow<C> serving;

    private boolean filling;

    /** @param quantum bytes of cost that a flow of weight 1 may serve in one turn, above 0 */
    public DeficitRoundRobin(int quantum) {
        if (quantum < 1) {
            throw new IllegalArgumentException("quantum is " + quantum + "; legal: at least 1");
        }
        this.quantum = quantum;
    }

    /** Puts a flow at the end of the round; no effect if it is in the ring. */
    public void activate(Flow<C> flow) {
        if (flow.ring != null) {
            if (flow.ring != this) {
                throw new IllegalStateException("the flow is active in another ring");
            }
            return;
        }
        flow.ring = this;
        Flow<C> first = head;
        if (first == null) {
            flow.next = flow;
            flow.previous = flow;
            head = flow;
            turnOpen = false;
            return;
        }
        flow.next = first;
        flow.previous = first.previous;
        first.previous.next = flow;
        first.previous = flow;
    }

    /** Takes a flow out for good: it leaves the ring, and its debt is forgotten. No effect if it is not in this ring. */
    public void remove(Flow<C> flow) {
        if (flow.ring != this) {
            return;
        }
        unlink(flow);
        flow.deficit = 0;
        if (serving == flow) {
            serving = null;
        }
    }

    /**
     * Serves flows in turn until the sink is full or no flow is active.
     *
     * @return whether anything was served
     */
    public boolean fill(C sink) {
        if (filling) {
            throw new IllegalStateException("fill was called from within serve");
        }
        filling = true;
        try {
            return serveAll(sink);
        } finally {
            filling = false;
            serving = null;
        }
    }

    /** Whether no flow is active. */
    public boolean isEmpty() {
        return head == null;
    }

    private boolean serveAll(C sink) {
        boolean servedAny = false;
        Flow<C> flow = head;
        while (flow != null) {
            if (!turnOpen) {
                openTurn(flow);
            }
            if (flow.deficit <= 0) {
                endTurn(flow);
                flow = head;
                continue;
            }
            serving = flow;
            long served = flow.serve(sink, flow.deficit);
            servedAny |= served > 0;
            if (serving == flow) {
                flow.deficit -= served;
                if (endsFull(flow, flow.turn())) {
                    return servedAny;
                }
            }
            flow = head;
        }
        return servedAny;
    }

    /** Does what the flow's turn calls for; true if the sink is full. */
    private boolean endsFull(Flow<C> flow, Turn turn) {
        switch (turn) {
            case IDLE -> {
                unlink(flow);
                flow.deficit = Math.min(flow.deficit, 0);
                return false;
            }
            case SPENT -> {
                endTurn(flow);
                return false;
            }
            case SINK_FULL -> {
                if (flow.deficit <= 0) {
                    endTurn(flow);
                }
                return true;
            }
        }
        throw new IllegalStateException("no such turn: " + turn);
    }

    private void openTurn(Flow<C> flow) {
        long share = (long) quantum * Math.max(1, Math.min(flow.weight(), MAX_WEIGHT));
        if (flow.next == flow && flow.deficit < 0) {
            flow.deficit = 0; // nobody is waiting to be paid
        }
        flow.deficit += share;
        if (flow.deficit > MAX_ALLOWANCE) {
            throw new IllegalStateException(
                    "a flow says SPENT and serves nothing, with an allowance of " + flow.deficit);
        }
        turnOpen = true;
    }

    private void endTurn(Flow<C> flow) {
        head = flow.next;
        turnOpen = false;
    }

    private void unlink(Flow<C> flow) {
        if (flow.next == flow) {
            head = null;
            turnOpen = false;
        } else {
            if (head == flow) {
                head = flow.next;
                turnOpen = false;
            }
            flow.previous.next = flow.next;
            flow.next.previous = flow.previous;
        }
        flow.next = flow;
        flow.previous = flow;
        flow.ring = null;
    }

    /** How a flow's turn ended. */
    public enum Turn {
        /** It has nothing more to send, or no credit: it leaves the ring until it is activated again. */
        IDLE,
        /** Its allowance is used, or too small for its next element, and it has more to send. */
        SPENT,
        /** The sink takes no more: the flow keeps its place and what is left of its allowance. */
        SINK_FULL
    }

    /**
     * One stream's claim on the link. In at most one ring at a time.
     *
     * @param <C> what it serves into
     */
    public abstract static class Flow<C> {
        @Nullable
        DeficitRoundRobin<C> ring;

        Flow<C> next;
        Flow<C> previous;
        /** Allowance left, or debt if below 0. */
        long deficit;

        /** A flow that is in no ring yet. */
        @SuppressWarnings("this-escape")
        protected Flow() {
            next = this;
            previous = this;
        }

        /** Its share relative to others; counts as 1 below 1 and as {@value #MAX_WEIGHT} above it. */
        protected abstract int weight();

        /**
         * Serves elements worth at most {@code allowance}, of which the last may be larger than what is left of it.
         *
         * @param allowance bytes of cost, above 0
         * @return the cost of what was served, at least 0
         */
        protected abstract long serve(C sink, long allowance);

        /** How the turn ended that {@link #serve} has just returned from, in view of all that has happened since. */
        protected abstract Turn turn();

        /** Whether it is in a ring. */
        public final boolean isActive() {
            return ring != null;
        }
    }
}
