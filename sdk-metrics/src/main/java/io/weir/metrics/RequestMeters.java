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

    /** Counts those from {@code from} on that have its route and outcome; returns where the others begin. */
    int count(RequestsDone done, int from) {
        String route = done.route(from);
        ErrorCode outcome = done.outcome(from);
        OutcomeMeters meters = of(outcome);
        int size = done.size();
        long queued = 0;
        long served = 0;
        long longest = 0;
        int i = from;
        do {
            long queue = done.queueNanos(i);
            long service = done.serviceNanos(i);
            queued += queue;
            served += service;
            longest = Math.max(longest, queue + service);
            meters.record(queue + service);
            i++;
        } while (i < size && done.outcome(i) == outcome && done.route(i).equals(route));
        count.add(i - from);
        queueNanos.add(queued);
        serviceNanos.add(served);
        meters.count(i - from, queued + served, longest);
        return i;
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
