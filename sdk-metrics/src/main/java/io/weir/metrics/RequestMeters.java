package io.weir.metrics;

import io.weir.core.error.ErrorCode;
import io.weir.reactive.NodeObserver.RequestsDone;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Requests of one role and type: those that ended together are summed up before they are counted. Any thread. */
final class RequestMeters {

    private final Registered registered;
    private final String role;
    private final String type;
    private final AtomicReferenceArray<@Nullable OutcomeMeters> byOutcome =
            new AtomicReferenceArray<>(ErrorCode.values().length);
    private final LongAdder count = new LongAdder();
    private final LongAdder queueNanos = new LongAdder();
    private final LongAdder serviceNanos = new LongAdder();

    RequestMeters(Registered registered, String role, String type) {
        this.registered = registered;
        this.role = role;
        this.type = type;
        registered.timer(WeirMeter.REQUESTS_QUEUE, count, queueNanos, role, type);
        registered.timer(WeirMeter.REQUESTS_SERVICE, count, serviceNanos, role, type);
    }

    /** Counts those from {@code from} to {@code to}, which have its route and one outcome. */
    void count(RequestsDone done, int from, int to) {
        OutcomeMeters meters = of(done.outcome(from));
        long queued = 0;
        long served = 0;
        long longest = 0;
        for (int i = from; i < to; i++) {
            long queue = done.queueNanos(i);
            long service = done.serviceNanos(i);
            queued += queue;
            served += service;
            longest = Math.max(longest, queue + service);
        }
        meters.recordEach(done, from, to);
        count.add(to - from);
        queueNanos.add(queued);
        serviceNanos.add(served);
        meters.count(to - from, queued + served, longest);
    }

    private OutcomeMeters of(ErrorCode outcome) {
        OutcomeMeters known = byOutcome.get(outcome.ordinal());
        if (known == null) {
            OutcomeMeters made = new OutcomeMeters(registered, role, type, Outcomes.of(outcome));
            known = byOutcome.compareAndSet(outcome.ordinal(), null, made) ? made : byOutcome.get(outcome.ordinal());
        }
        return known == null ? of(outcome) : known;
    }
}
