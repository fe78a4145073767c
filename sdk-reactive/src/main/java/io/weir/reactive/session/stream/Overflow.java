package io.weir.reactive.session.stream;

import reactor.core.Exceptions;

/** What to do about a publisher that emits without being asked: Reactor's own error names neither the stream nor a remedy. */
final class Overflow {

    private Overflow() {}

    /** An error of a stream's publisher as its {@code send} tells it: where it is an overflow, one that says what to do. */
    static Throwable advised(Throwable error, LiveStream stream) {
        if (!Exceptions.isOverflow(error)) {
            return error;
        }
        RuntimeException advised = Exceptions.failWithOverflow("the publisher of " + stream
                + " does not wait for demand, and had more to emit than was requested; choose what becomes of that in"
                + " front of send: onBackpressureBuffer(n) keeps it, onBackpressureLatest() keeps the newest,"
                + " onBackpressureDrop() drops it");
        advised.initCause(error);
        return advised;
    }
}
