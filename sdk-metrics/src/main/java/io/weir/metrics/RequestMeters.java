package io.weir.metrics;

import io.micrometer.core.instrument.Timer;
import io.weir.core.error.ErrorCode;
import io.weir.reactive.NodeObserver.RequestDone;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Requests of one role and type. Any thread. */
final class RequestMeters {

    private final Registered registered;
    private final String role;
    private final String type;
    private final AtomicReferenceArray<@Nullable Timer> byOutcome =
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

    void onDone(RequestDone request) {
        count.increment();
        queueNanos.add(request.queueNanos());
        serviceNanos.add(request.serviceNanos());
        of(request.outcome()).record(request.queueNanos() + request.serviceNanos(), TimeUnit.NANOSECONDS);
    }

    private Timer of(ErrorCode outcome) {
        Timer known = byOutcome.get(outcome.ordinal());
        if (known == null) {
            known = registered.timer(WeirMeter.REQUESTS, role, type, Outcomes.of(outcome));
            byOutcome.set(outcome.ordinal(), known); // by another thread it would be the same
        }
        return known;
    }
}
