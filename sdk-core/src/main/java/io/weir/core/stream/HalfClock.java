package io.weir.core.stream;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Takes the time that a sending half is in each {@link HalfState}.
 *
 * <pre>
 *            begin                    enter                             end
 *   (none) --------&gt; IDLE &lt;-------------------------&gt; any other state --------&gt; (none)
 *              |      |            |                        |           |
 *   0 ---------+------+------------+-- the life of the half, without gap or overlap --&gt;
 * </pre>
 *
 * <p>The link stops and goes on many times while a half waits for its turns, for all halves of a session at once. So nobody
 * tells each half of it: whoever calls brings along how long the link has been blocked in all, and of the time that a half was
 * SENDING as much as the link was blocked meanwhile was BLOCKED_BY_LINK.
 *
 * <p>Times are those of one monotonic clock; one that lies before the last is taken for the last. Confined to the session's
 * loop, but for {@link #times}, which any thread may call: what it returns is of one moment.
 */
public final class HalfClock {

    private static final VarHandle VERSION;

    static {
        try {
            VERSION = MethodHandles.lookup().findVarHandle(HalfClock.class, "version", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Told of each state that the half has left. */
    @FunctionalInterface
    public interface Listener {
        /**
         * @param nanos how long the half was in the state that it left
         */
        void onHalfState(HalfState left, long nanos, HalfState entered);
    }

    /** Odd while the loop changes the rest; what was read between two equal even ones is of one moment. */
    private int version;

    private HalfState state = HalfState.IDLE;
    private boolean running;
    private long sinceNanos;
    private long linkNanosThen;
    private long sending;
    private long blockedByCredit;
    private long blockedByLink;
    private long idle;

    /**
     * The half can send from now on, and has nothing to send yet. Once.
     *
     * @param linkNanos how long the link has been blocked in all, until now
     */
    public void begin(long nowNanos, long linkNanos) {
        change();
        running = true;
        state = HalfState.IDLE;
        sinceNanos = nowNanos;
        linkNanosThen = linkNanos;
        changed();
    }

    /** What the half does, or waits for, as far as it has been told. */
    public HalfState state() {
        return state;
    }

    /**
     * The half is in this state now. Without effect before it has begun and after its end.
     *
     * @param linkNanos how long the link has been blocked in all, until now
     * @param listener told of what has changed, also that the link was blocked meanwhile; null: nobody is
     */
    public void enter(HalfState next, long nowNanos, long linkNanos, @Nullable Listener listener) {
        if (running && (next != state || listener != null)) {
            move(next, true, nowNanos, linkNanos, listener);
        }
    }

    /** The half has ended. Idempotent. */
    public void end(long nowNanos, long linkNanos, @Nullable Listener listener) {
        if (running) {
            move(HalfState.IDLE, false, nowNanos, linkNanos, listener);
        }
    }

    private void move(HalfState next, boolean goesOn, long nowNanos, long linkNanos, @Nullable Listener listener) {
        HalfState left = state;
        long elapsed = Math.max(0, nowNanos - sinceNanos);
        long blocked = left == HalfState.SENDING ? blockedOf(elapsed, linkNanos - linkNanosThen) : 0;
        if (next == left && goesOn && blocked == 0) {
            return;
        }
        long open = next == HalfState.BLOCKED_BY_LINK ? blocked : 0; // it goes on, and counts when it is over
        change();
        count(left, elapsed - blocked);
        blockedByLink += blocked - open;
        sinceNanos += elapsed - open;
        linkNanosThen = Math.max(linkNanosThen, linkNanos);
        state = next;
        running = goesOn;
        changed();
        if (listener != null) {
            tell(listener, left, elapsed - blocked, blocked, next);
        }
    }

    private static void tell(Listener listener, HalfState left, long nanos, long blocked, HalfState next) {
        if (blocked == 0) {
            listener.onHalfState(left, nanos, next);
            return;
        }
        listener.onHalfState(left, nanos, HalfState.BLOCKED_BY_LINK);
        if (next != HalfState.BLOCKED_BY_LINK) {
            listener.onHalfState(HalfState.BLOCKED_BY_LINK, blocked, next);
        }
    }

    private void count(HalfState in, long nanos) {
        switch (in) {
            case IDLE -> idle += nanos;
            case SENDING -> sending += nanos;
            case BLOCKED_BY_CREDIT -> blockedByCredit += nanos;
            case BLOCKED_BY_LINK -> blockedByLink += nanos;
        }
    }

    private static long blockedOf(long elapsed, long linkNanos) {
        return Math.max(0, Math.min(elapsed, linkNanos));
    }

    /**
     * The times until now, or until the half ended. Any thread.
     *
     * @param linkNanos how long the link had been blocked in all at that time
     */
    public SendTimes times(long nowNanos, long linkNanos) {
        while (true) {
            int before = (int) VERSION.getAcquire(this);
            if ((before & 1) == 0) {
                SendTimes times = readTimes(nowNanos, linkNanos);
                VarHandle.loadLoadFence();
                if ((int) VERSION.getOpaque(this) == before) {
                    return times;
                }
            }
        }
    }

    private SendTimes readTimes(long nowNanos, long linkNanos) {
        HalfState now = state;
        long elapsed = running ? Math.max(0, nowNanos - sinceNanos) : 0;
        long blocked = now == HalfState.SENDING ? blockedOf(elapsed, linkNanos - linkNanosThen) : 0;
        long rest = elapsed - blocked;
        return new SendTimes(
                sending + (now == HalfState.SENDING ? rest : 0),
                blockedByCredit + (now == HalfState.BLOCKED_BY_CREDIT ? rest : 0),
                blockedByLink + blocked + (now == HalfState.BLOCKED_BY_LINK ? rest : 0),
                idle + (now == HalfState.IDLE ? rest : 0));
    }

    // only the loop writes, so it may read its own version plainly

    private void change() {
        VERSION.setOpaque(this, version + 1);
        VarHandle.storeStoreFence();
    }

    private void changed() {
        VERSION.setRelease(this, version + 1);
    }
}
