package io.weir.reactive.session.dispatch;

/** When a handler's call came, began and ended, by the loop's clock; made only where somebody wants to know. Any thread. */
final class CallTimes {

    final long cameNanos;
    volatile long beganNanos;
    volatile long endedNanos;

    /** @param cameNanos when what is handled was complete here */
    CallTimes(long cameNanos) {
        this.cameNanos = cameNanos;
    }
}
