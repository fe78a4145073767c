package io.weir.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/** Does so much a second, whatever comes of it: what is late is made up for. */
final class Pace {

    private static final long NAP_NANOS = 200_000;

    private Pace() {}

    /**
     * Blocks for the time.
     *
     * @param act is given 0, 1, 2, ...
     * @return how often it did
     */
    static int keep(int perSecond, Duration time, IntConsumer act) {
        long start = System.nanoTime();
        int all = Math.toIntExact(perSecond * time.toMillis() / TimeUnit.SECONDS.toMillis(1));
        for (int done = 0; done < all; done++) {
            long due = start + done * TimeUnit.SECONDS.toNanos(1) / perSecond;
            while (System.nanoTime() - due < 0) {
                LockSupport.parkNanos(NAP_NANOS);
            }
            act.accept(done);
        }
        return all;
    }
}
