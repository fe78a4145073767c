package io.weir.reactive.session.message;

import reactor.core.CoreSubscriber;

/** A request of a node that is observed: it knows when it was asked and written. */
final class TimedRequest<A, B> extends PendingRequest<A, B> {

    private long writtenNanos;
    private boolean asked;
    private boolean written;

    TimedRequest(MonoRequest<A, B> what, CoreSubscriber<? super B> actual) {
        super(what, actual);
    }

    @Override
    void begin() {
        asked = true;
        super.begin();
    }

    @Override
    public void onBegun() {
        written = true;
        writtenNanos = what.requests.tickNanos();
    }

    @Override
    long waitedSince(long nowNanos) {
        return asked ? begunNanos() : nowNanos;
    }

    @Override
    long waitedUntil(long nowNanos) {
        return written ? writtenNanos : nowNanos;
    }
}
