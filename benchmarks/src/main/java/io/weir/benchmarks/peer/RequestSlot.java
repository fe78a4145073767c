package io.weir.benchmarks.peer;

import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * One of the requests in flight of a peer whose reply is a {@link Mono}: asks, awaits the reply, and asks again in the
 * reply's own {@code onComplete}, as soon as the {@link Gate} allows. Nothing but one subscriber stands between the peer
 * and the figures.
 *
 * @param <T> the peer's type of a reply
 */
public abstract class RequestSlot<T> {
    private final int slot;
    private final Replies replies;
    private final Runnable askNow = () -> ask(System.nanoTime());

    /** A slot that has not asked yet. */
    protected RequestSlot(int slot, Replies replies) {
        this.slot = slot;
        this.replies = replies;
    }

    /** The slot's number, which its payload carries. */
    protected final int slot() {
        return slot;
    }

    /** A request with this slot's payload. */
    protected abstract Mono<T> request();

    /** Reads the reply, calls {@link Reply#arrived} once and releases what it holds. */
    protected abstract void take(T value, Reply reply);

    /** Asks for the first time. */
    public final void start() {
        replies.gate().whenOpen(askNow);
    }

    private void ask(long startedNanos) {
        request().subscribe(new Reply(startedNanos));
    }

    /** The subscriber of one request. */
    public final class Reply implements CoreSubscriber<T> {
        private final long startedNanos;
        private long arrivedNanos;
        private boolean arrived;

        private Reply(long startedNanos) {
            this.startedNanos = startedNanos;
        }

        /** Records the reply by its length, first byte, slot and last byte. */
        public void arrived(int length, byte first, int replySlot, byte last) {
            arrivedNanos = replies.recorder().record(startedNanos, slot, length, first, replySlot, last);
            arrived = true;
        }

        @Override
        public void onSubscribe(Subscription s) {
            s.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(T value) {
            take(value, this);
        }

        @Override
        public void onError(Throwable error) {
            replies.failed(error);
        }

        @Override
        public void onComplete() {
            if (arrived) {
                askAgain();
            } else {
                replies.failed(new IllegalStateException("a request completed without a reply"));
            }
        }

        private void askAgain() {
            if (replies.gate().isOpen()) {
                ask(arrivedNanos);
            } else {
                replies.gate().whenOpen(askNow);
            }
        }
    }
}
