package io.weir.benchmarks.load;

import io.weir.benchmarks.measure.Latencies;
import io.weir.benchmarks.measure.Percentiles;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.error.ReplyMissingException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Recorder;
import reactor.core.publisher.Mono;

/** How requests ended, and how long that took from when they were handed over. Thread safe. */
final class Answers {

    private static final int DIGITS = 3;

    private final Recorder accepted = new Recorder(DIGITS);
    private final Recorder refused = new Recorder(DIGITS);
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong busy = new AtomicLong();
    private final AtomicLong unsent = new AtomicLong();
    private final Map<String, Long> failures = new ConcurrentHashMap<>();

    void ask(Mono<ByteBuffer> request) {
        asked.incrementAndGet();
        long from = System.nanoTime();
        request.subscribe(
                value -> {
                    accepted.recordValue(System.nanoTime() - from);
                    answered.incrementAndGet();
                },
                e -> failed(e, System.nanoTime() - from));
    }

    private void failed(Throwable e, long nanos) {
        CloseReason reason = e instanceof ReplyMissingException missing ? missing.reason() : null;
        if (reason != null && reason.error() == ErrorCode.BUSY) {
            refused.recordValue(nanos);
            busy.incrementAndGet();
        } else if (reason != null && reason.origin() == Origin.LOCAL && reason.error() == ErrorCode.TOO_MANY_REQUESTS) {
            asked.decrementAndGet(); // this side had too many open itself
            unsent.incrementAndGet();
        } else {
            failures.merge(e.toString(), 1L, Long::sum);
        }
    }

    /** Waits until all have ended; fails if they do not. */
    void awaitAll(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (answered() + busy() + failed() < asked()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(
                        asked() - answered() - busy() - failed() + " requests did not end in " + patience);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** Those that went out. */
    long asked() {
        return asked.get();
    }

    /** Those that did not, since too many were open already. */
    long unsent() {
        return unsent.get();
    }

    long answered() {
        return answered.get();
    }

    /** Those that were answered BUSY. */
    long busy() {
        return busy.get();
    }

    /** Those that ended otherwise. */
    long failed() {
        return failures.values().stream().mapToLong(count -> count).sum();
    }

    /** By what they failed with. */
    Map<String, Long> failures() {
        return failures;
    }

    /** Of those that were answered; once. */
    Percentiles acceptedTimes() {
        return times(accepted);
    }

    /** Of those that were answered BUSY; once. */
    Percentiles refusedTimes() {
        return times(refused);
    }

    private static Percentiles times(Recorder recorder) {
        return Latencies.of(recorder.getIntervalHistogram())
                .percentiles()
                .orElseThrow(() -> new IllegalStateException("no request ended so"));
    }
}
