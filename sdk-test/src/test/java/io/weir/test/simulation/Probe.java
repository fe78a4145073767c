package io.weir.test.simulation;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** A subscriber that asks when it is told to and sees to the rules: no more than asked for, one end, nothing behind it. */
final class Probe<T> implements CoreSubscriber<T> {

    private final Flow flow;
    private final String what;
    private @Nullable Subscription subscription;
    private @Nullable Throwable error;
    private long requested;
    private long received;
    private boolean completed;
    private boolean cancelled;
    private boolean cancelKnown;

    Probe(Flow flow, String what) {
        this.flow = flow;
        this.what = what;
    }

    void request(long n) {
        if (subscription != null && !cancelled) {
            requested = Math.addExact(requested, n);
            subscription.request(n);
        }
    }

    void cancel() {
        if (subscription != null) {
            cancelled = true;
            subscription.cancel();
        }
    }

    /** What was done so far has taken effect: a cancel may be overtaken by an end until then. */
    void settled() {
        cancelKnown = cancelled;
    }

    long requested() {
        return requested;
    }

    long received() {
        return received;
    }

    boolean completed() {
        return completed;
    }

    @Nullable
    Throwable error() {
        return error;
    }

    boolean cancelled() {
        return cancelled;
    }

    /** It has got its end, or wants none. */
    boolean over() {
        return completed || error != null || cancelled;
    }

    @Override
    public void onSubscribe(Subscription s) {
        flow.require(subscription == null, what + " has one subscription");
        subscription = s;
    }

    @Override
    public void onNext(T value) {
        received++;
        flow.require(!over(), what + " gets nothing behind its end");
        flow.require(received <= requested, what + " gets no more than it asked for");
        if (value instanceof byte[] element) {
            flow.onReceived(element);
        }
    }

    @Override
    public void onError(Throwable e) {
        flow.require(mayEnd(), what + " gets no second end, such as " + e);
        error = e;
    }

    @Override
    public void onComplete() {
        flow.require(mayEnd(), what + " gets no second end");
        completed = true;
    }

    private boolean mayEnd() {
        return !completed && error == null && !cancelKnown;
    }

    @Override
    public String toString() {
        return what + " " + received + "/" + requested
                + (completed ? " completed" : error != null ? " failed with " + error : cancelled ? " cancelled" : "");
    }
}
