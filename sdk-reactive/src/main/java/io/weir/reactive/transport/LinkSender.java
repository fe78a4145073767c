package io.weir.reactive.transport;

import io.weir.reactive.fault.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One send: pulls records one by one while the link is writable, and flushes when the source runs dry or the link is
 * full. Where it had run dry, and a record comes that nobody here was just asking for, there may be more than that one; the
 * source cannot be asked from within its own {@code onNext}, so then the flush waits for the next task of the loop and takes
 * everything along: one system call, and one wake-up of the receiver, for many records.
 *
 * <p>Serialisation: confined to the loop; {@code draining} only keeps the drain loop from re-entering itself when the
 * source answers inside {@code request} or a flush makes the link writable.
 */
final class LinkSender implements CoreSubscriber<ByteBuffer>, Subscription, Scannable {

    /** Records in one turn of the loop before reading and others get theirs: at 32 KiB half a mebibyte. */
    private static final int RECORDS_PER_TURN = 16;

    private final AbstractLink link;
    private final CoreSubscriber<? super Void> actual;

    private @Nullable Subscription upstream;
    private boolean asked;
    private boolean unflushed;
    private boolean draining;
    /** Records that may still be asked for in this turn of the loop. */
    private int left = RECORDS_PER_TURN;

    private boolean nextTurnDue;
    private boolean sourceEnded;
    private boolean done;

    LinkSender(AbstractLink link, CoreSubscriber<? super Void> actual) {
        this.link = link;
        this.actual = actual;
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (done) {
            s.cancel();
        } else if (Operators.validate(upstream, s)) {
            upstream = s;
            drain();
        }
    }

    @Override
    public void onNext(ByteBuffer record) {
        if (!link.loop().inLoop()) {
            link.onLoop(() -> onError(new IllegalStateException("a record was emitted off the link's loop")));
            return;
        }
        if (done || sourceEnded || link.isEnded()) {
            return;
        }
        asked = false;
        if (record.hasRemaining()) {
            link.write(record);
            unflushed = true;
        }
        Subscription source = upstream;
        if (!draining && source != null) {
            draining = true;
            try {
                pull(source);
                if (unflushed || left == 0) {
                    nextTurn();
                }
            } catch (Throwable e) {
                onThrown(e);
            } finally {
                draining = false;
            }
        }
    }

    @Override
    public void onError(Throwable t) {
        if (!link.loop().inLoop()) {
            link.onLoop(() -> onError(t));
            return;
        }
        if (done || sourceEnded) {
            Fault.report(t, currentContext());
            return;
        }
        end();
        link.close();
        actual.onError(t);
    }

    @Override
    public void onComplete() {
        if (!link.loop().inLoop()) {
            link.onLoop(this::onComplete);
            return;
        }
        if (done || sourceEnded || link.isEnded()) {
            return;
        }
        sourceEnded = true;
        unflushed = false;
        link.flushThen(this::flushed);
    }

    @Override
    public void request(long n) {
        // A Mono<Void> has nothing to emit; its completion needs no demand.
        Operators.validate(n);
    }

    @Override
    public void cancel() {
        link.onLoop(() -> {
            if (!done) {
                boolean flush = unflushed && !link.isEnded();
                end();
                if (flush) {
                    link.flush();
                }
            }
        });
    }

    /** A source must not throw; there is nothing that could still be said. */
    private void onThrown(Throwable e) {
        onError(e);
        if (Fault.isFatal(e)) {
            Fault.throwOn(e);
        }
    }

    /** The link has ended before this send has. */
    void fail(IOException cause) {
        if (!done) {
            end();
            actual.onError(cause);
        }
    }

    void drain() {
        Subscription source = upstream;
        if (draining || source == null) {
            return;
        }
        draining = true;
        try {
            pull(source);
            flush();
            if (left == 0) {
                nextTurn();
            }
        } catch (Throwable e) {
            onThrown(e);
        } finally {
            draining = false;
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return upstream;
        }
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.TERMINATED) {
            return done;
        }
        if (key == Attr.RUN_STYLE) {
            return Attr.RunStyle.SYNC;
        }
        return null;
    }

    private void pull(Subscription source) {
        while (wantsMore()) {
            if (link.writable()) {
                link.takes(true);
                left--;
                asked = true;
                source.request(1);
            } else if (!flush() || !link.writable()) {
                link.takes(false);
                return;
            }
        }
    }

    private boolean wantsMore() {
        return !asked && left > 0 && !sourceEnded && !done && !link.isEnded();
    }

    private boolean flush() {
        if (!unflushed || link.isEnded()) {
            return false;
        }
        unflushed = false;
        link.flush();
        return true;
    }

    /** Goes on, and flushes, in a task of its own. */
    private void nextTurn() {
        if (!nextTurnDue) {
            nextTurnDue = true;
            link.later(() -> {
                nextTurnDue = false;
                left = RECORDS_PER_TURN;
                if (!done) {
                    drain();
                }
            });
        }
    }

    private void flushed() {
        if (!done) {
            end();
            actual.onComplete();
        }
    }

    private void end() {
        done = true;
        link.vacate(this);
        if (upstream != null && !sourceEnded) {
            upstream.cancel();
        }
    }
}
