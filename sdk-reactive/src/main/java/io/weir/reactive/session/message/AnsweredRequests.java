package io.weir.reactive.session.message;

import io.weir.core.error.ErrorCode;
import io.weir.reactive.stats.RequestCounts;

/**
 * What the node's counts are yet to be told of the peer's requests: a few sums, so that a request costs no entry of its own.
 * Loop-confined.
 */
final class AnsweredRequests {

    private final RequestCounts counts;
    private int taken;
    private int succeeded;
    private int untimed;
    private long queueNanos;
    private long serviceNanos;

    AnsweredRequests(RequestCounts counts) {
        this.counts = counts;
    }

    /** A handler is about to be called. */
    void taken() {
        taken++;
    }

    /** One is over whose handler has ended within its call: how long that took is told by {@link #time}. */
    void addUntimed(ErrorCode outcome) {
        untimed++;
        add(outcome);
    }

    /** One is over, which waited and was handled for so long. */
    void add(ErrorCode outcome, long queued, long served) {
        queueNanos += queued;
        serviceNanos += served;
        add(outcome);
    }

    private void add(ErrorCode outcome) {
        if (outcome == ErrorCode.NONE) {
            succeeded++;
        } else {
            tell();
            counts.answered(outcome, 1);
        }
    }

    /** Those without times waited one after the other, the first so long, and each was handled for as long as the others. */
    void time(long firstQueued, long served) {
        long n = untimed;
        queueNanos += n * firstQueued + n * (n - 1) / 2 * served;
        serviceNanos += n * served;
        untimed = 0;
    }

    /** Tells the counts: first of the requests, then of the answers to them. */
    void tell() {
        if (taken > 0) {
            counts.taken(taken);
            taken = 0;
        }
        if (succeeded > 0) {
            counts.answered(ErrorCode.NONE, succeeded);
            succeeded = 0;
        }
        if (queueNanos > 0 || serviceNanos > 0) {
            counts.took(queueNanos, serviceNanos);
            queueNanos = 0;
            serviceNanos = 0;
        }
    }
}
