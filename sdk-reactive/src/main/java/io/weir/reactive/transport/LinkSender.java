package io.weir.reactive.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One send: pulls records one by one while the link is writable, and flushes when the source runs dry or the link is
 * full. Serialisation: confined to the loop; {@code draining} only keeps the drain loop from re-entering itself when
 * the source answers inside {@code request} or a flush makes the link writable.
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
    private boolean resuming;
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
        drain();
    }

    @Override
    public void onError(Throwable t) {
        if (!link.loop().inLoop()) {
            link.onLoop(() -> onError(t));
            return;
        }
        if (done || sourceEnded) {
            Operators.onErrorDropped(t, currentContext());
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
        } catch (Throwable e) {
            Exceptions.throwIfJvmFatal(e);
            onError(e);
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
        int left = RECORDS_PER_TURN;
        while (wantsMore()) {
            if (!link.writable()) {
                if (!flush() || !link.writable()) {
                    return;
                }
            } else if (left-- == 0) {
                resumeLater();
                return;
            } else {
                asked = true;
                source.request(1);
            }
        }
    }

    private boolean wantsMore() {
        return !asked && !resuming && !sourceEnded && !done && !link.isEnded();
    }

    private boolean flush() {
        if (!unflushed || link.isEnded()) {
            return false;
        }
        unflushed = false;
        link.flush();
        return true;
    }

    private void resumeLater() {
        resuming = true;
        link.later(() -> {
            resuming = false;
            if (!done) {
                drain();
            }
        });
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
