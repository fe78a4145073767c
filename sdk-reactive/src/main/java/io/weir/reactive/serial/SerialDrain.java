package io.weir.reactive.serial;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Work that any thread may ask for and one does at a time: whoever asks while nobody works does it, once more for all who
 * have asked meanwhile, and so on until nobody has. Nobody waits, and no call is missed: work that was asked for begins
 * after the call, so it sees all that was written before it.
 *
 * <pre>
 *            drain(), by this thread                     nobody has asked meanwhile
 *   idle ------------------------------&gt; working ------------------------------------&gt; idle
 *                                         |   ^
 *                                         +---+  somebody has: drain() by others, or from within the work
 * </pre>
 *
 * <p>Work that throws leaves it idle, and its caller gets what it threw: what is asked next must not wait for ever.
 * Operators, which have a call for each element, and {@code SchedulerLoop}, whose turns are bounded, count for themselves.
 */
public final class SerialDrain {

    private final Runnable work;

    /** Calls that the work under way has not answered; 0: idle. */
    private volatile int asked;

    private static final AtomicIntegerFieldUpdater<SerialDrain> ASKED =
            AtomicIntegerFieldUpdater.newUpdater(SerialDrain.class, "asked");

    /** @param work what is done, serially, on whichever thread; it looks at all there is to do */
    public SerialDrain(Runnable work) {
        this.work = work;
    }

    /**
     * Has the work done. Any thread, also from within the work.
     *
     * @return whether it was done here; else who is at work does it once more
     */
    public boolean drain() {
        if (ASKED.getAndIncrement(this) != 0) {
            return false;
        }
        int answered = 1;
        try {
            do {
                work.run();
                answered = ASKED.addAndGet(this, -answered);
            } while (answered != 0);
        } catch (Throwable e) {
            asked = 0;
            throw e;
        }
        return true;
    }
}
