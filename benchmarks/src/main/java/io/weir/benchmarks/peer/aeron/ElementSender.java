package io.weir.benchmarks.peer.aeron;

import io.aeron.Publication;
import java.util.ArrayDeque;
import java.util.Deque;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/**
 * Offers the elements of one stream, a turn's worth at a time, while the publication takes them; those that it did not take are
 * offered again first. Application thread. It relies on a source that emits what is requested before {@code request} returns.
 */
final class ElementSender implements CoreSubscriber<byte[]>, AeronNode.Duty {
    private static final int TURN_BYTES = 64 << 10;
    private static final int MOST_IN_TURN = 256;

    private final Publication publication;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final Deque<byte[]> left = new ArrayDeque<>();
    private @Nullable Subscription subscription;
    private int batch = 1;
    private int taken;

    ElementSender(Publication publication) {
        this.publication = publication;
    }

    @Override
    public int work() {
        taken = 0;
        while (!left.isEmpty()) {
            if (!offer(left.element())) {
                return taken;
            }
            left.remove();
        }
        if (subscription != null && publication.isConnected()) {
            subscription.request(batch);
        }
        return taken;
    }

    @Override
    public void onSubscribe(Subscription s) {
        subscription = s;
    }

    @Override
    public void onNext(byte[] payload) {
        batch = Math.max(1, Math.min(MOST_IN_TURN, TURN_BYTES / payload.length));
        if (!left.isEmpty() || !offer(payload)) {
            left.add(payload);
        }
    }

    private boolean offer(byte[] payload) {
        view.wrap(payload);
        long result = publication.offer(view);
        while (result == Publication.ADMIN_ACTION) {
            result = publication.offer(view); // a term has ended: the next one takes it
        }
        if (result < 0) {
            return false;
        }
        taken++;
        return true;
    }

    @Override
    public void onError(Throwable error) {
        throw new IllegalStateException("an endless stream failed", error);
    }

    @Override
    public void onComplete() {
        throw new IllegalStateException("an endless stream completed");
    }
}
