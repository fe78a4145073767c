package io.weir.reactive.transport;

import io.weir.reactive.fault.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The reading side of a link: one subscriber, unbounded demand, no queue. Serialisation: signals come on the loop only;
 * the subscriber is written once before {@code onSubscribe} and published to the loop by {@link #start()}.
 */
final class LinkInbound extends Flux<ByteBuffer> implements Subscription, Scannable {

    private final AbstractLink link;

    private volatile int subscribed;
    private static final AtomicIntegerFieldUpdater<LinkInbound> SUBSCRIBED =
            AtomicIntegerFieldUpdater.newUpdater(LinkInbound.class, "subscribed");

    private @Nullable CoreSubscriber<? super ByteBuffer> actual;

    // Loop-confined.
    private boolean started;
    private boolean done;
    private boolean inputEnded;

    LinkInbound(AbstractLink link) {
        this.link = link;
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuffer> subscriber) {
        if (!SUBSCRIBED.compareAndSet(this, 0, 1)) {
            Operators.error(subscriber, new IllegalStateException("a link's inbound has one subscriber, once"));
            return;
        }
        actual = subscriber;
        subscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        if (n == Long.MAX_VALUE) {
            link.onLoop(this::start);
        } else {
            link.onLoop(() -> refuse(n));
        }
    }

    @Override
    public void cancel() {
        link.onLoop(() -> {
            if (!done) {
                done = true;
                link.close();
            }
        });
    }

    void next(ByteBuffer chunk) {
        CoreSubscriber<? super ByteBuffer> to = actual;
        if (done || to == null) {
            return;
        }
        try {
            to.onNext(chunk);
        } catch (Throwable e) {
            done = true;
            link.close();
            to.onError(Fault.asSignal(null, e, chunk, to.currentContext()));
            if (Fault.isFatal(e)) {
                Fault.throwOn(e);
            }
        }
    }

    void complete() {
        inputEnded = true;
        CoreSubscriber<? super ByteBuffer> to = actual;
        if (started && !done && to != null) {
            done = true;
            to.onComplete();
        }
    }

    void fail(IOException cause) {
        CoreSubscriber<? super ByteBuffer> to = actual;
        if (started && !done && to != null) {
            done = true;
            to.onError(cause);
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.TERMINATED) {
            return done;
        }
        if (key == Attr.RUN_STYLE) {
            return Attr.RunStyle.ASYNC;
        }
        return null;
    }

    private void start() {
        if (started || done) {
            return;
        }
        started = true;
        IOException end = link.end();
        if (end != null) {
            link.later(() -> fail(end));
        } else if (inputEnded) {
            link.later(this::complete);
        } else {
            link.startReading();
        }
    }

    /** A bounded reader would hold up everything else on the link, and copies nothing in time. */
    private void refuse(long n) {
        CoreSubscriber<? super ByteBuffer> to = actual;
        if (done || started && n > 0 || to == null) {
            return;
        }
        done = true;
        link.close();
        to.onError(new IllegalArgumentException("requested " + n + " of a link's inbound, must be unbounded"));
    }
}
