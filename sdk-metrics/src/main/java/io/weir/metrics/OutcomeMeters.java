package io.weir.metrics;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.TimeWindowMax;
import io.weir.reactive.NodeObserver.RequestsDone;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one role, type and outcome. How many there were, and how long they took, is summed up here, since a timer of the
 * registry would cost each of them more than Weir does; but where each is wanted for itself, for percentiles, it has one. Any
 * thread.
 */
final class OutcomeMeters {

    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final TimeWindowMax longest;
    private final @Nullable Timer each;

    /** Two threads that make the same one at once make two, of which the registry takes the first alone. */
    OutcomeMeters(Registered registered, String role, String type, String outcome) {
        longest = registered.longest();
        each = registered.timesEach() ? registered.timer(WeirMeter.REQUESTS, role, type, outcome) : null;
        if (each == null) {
            registered.timer(WeirMeter.REQUESTS, count, nanos, role, type, outcome);
        }
        registered.gauge(WeirMeter.REQUESTS_MAX, () -> longest.poll(TimeUnit.SECONDS), role, type, outcome);
    }

    /** Those that {@link #count} is about to tell together, if each is wanted. */
    void recordEach(RequestsDone done, int from, int to) {
        if (each == null) {
            return;
        }
        for (int i = from; i < to; i++) {
            each.record(done.queueNanos(i) + done.serviceNanos(i), TimeUnit.NANOSECONDS);
        }
    }

    void count(int requests, long took, long longestOfThem) {
        count.add(requests);
        nanos.add(took);
        longest.record(longestOfThem, TimeUnit.NANOSECONDS);
    }
}
