package io.weir.reactive.session;

import io.weir.core.credit.Cost;
import io.weir.core.credit.SendCredit;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.stream.SendHalf;
import io.weir.core.wire.FrameWriter;
import io.weir.reactive.TrySend;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.util.concurrent.Queues;

/**
 * Feeds a sending half from {@code trySend}: credit is reserved by compare-and-set before an element is accepted, so the
 * queue never holds more than the peer has allowed.
 *
 * <p>Threads: {@link #offer} on any; the loop publishes the limit and drains the queue.
 */
final class OfferFeed implements Feed {

    private final LiveStream stream;
    private final Queue<ByteBuffer> queue =
            Queues.<ByteBuffer>unboundedMultiproducer().get();
    private final ElementWriter<ByteBuffer> writer;
    private final Runnable onLoop = this::signalled;

    private volatile long limit;
    private volatile long window;
    private volatile boolean closed;
    private volatile long backpressureEvents;

    private volatile long reserved;
    private static final AtomicLongFieldUpdater<OfferFeed> RESERVED =
            AtomicLongFieldUpdater.newUpdater(OfferFeed.class, "reserved");
    private static final AtomicLongFieldUpdater<OfferFeed> BACKPRESSURE =
            AtomicLongFieldUpdater.newUpdater(OfferFeed.class, "backpressureEvents");

    private volatile int signalled;
    private static final AtomicIntegerFieldUpdater<OfferFeed> SIGNALLED =
            AtomicIntegerFieldUpdater.newUpdater(OfferFeed.class, "signalled");

    private volatile boolean refusedForCredit;

    // loop-confined
    private @Nullable ByteBuffer held;
    private boolean closing;

    OfferFeed(LiveStream stream, long initialLimit) {
        this.stream = stream;
        this.limit = initialLimit;
        this.window = initialLimit;
        this.writer = new ElementWriter<>(Codec.buffers(), stream.session.peerMaxPayloadBytes());
    }

    /**
     * Accepts one encoded element if there is credit for it. Any thread.
     *
     * @throws PayloadTooLargeException if it exceeds the whole window, so that there would never be credit for it
     */
    TrySend offer(ByteBuffer payload) {
        if (closed) {
            return TrySend.NOT_CONNECTED;
        }
        long cost = Cost.of(payload.remaining());
        if (cost > window && reserved + cost > limit) {
            throw new PayloadTooLargeException("payload bytes", payload.remaining(), window - Cost.ELEMENT_OVERHEAD);
        }
        long before;
        do {
            before = reserved;
            if (before + cost > limit) {
                BACKPRESSURE.incrementAndGet(this);
                refusedForCredit = true;
                signal();
                return TrySend.BACKPRESSURE;
            }
        } while (!RESERVED.compareAndSet(this, before, before + cost));
        queue.offer(payload);
        signal();
        return TrySend.OK;
    }

    long backpressureEvents() {
        return backpressureEvents;
    }

    void publishLimit(SendHalf half) {
        SendCredit credit = half.credit();
        window = Math.max(credit.window(), 1);
        limit = credit.limit();
    }

    @Override
    public void onOpened(SendHalf half) {
        publishLimit(half);
    }

    @Override
    public Step writeNext(FrameWriter record, SendHalf half) {
        if (writer.inProgress()) {
            return writer.resume(record, half);
        }
        ByteBuffer payload = held;
        if (payload == null) {
            boolean last = closed;
            payload = queue.poll();
            if (payload == null) {
                if (last && !closing) {
                    closing = true;
                    half.close();
                } else if (refusedForCredit) {
                    refusedForCredit = false;
                    half.blocked();
                }
                return Step.EMPTY;
            }
        }
        held = null;
        Step step = writer.write(payload, record, half);
        if (step != Step.WROTE && !writer.inProgress()) {
            held = payload;
        }
        return step;
    }

    @Override
    public void closeAfterAccepted() {
        closed = true;
    }

    @Override
    public void onEnded(@Nullable RuntimeException failure) {
        closed = true;
        held = null;
        queue.clear();
    }

    private void signal() {
        if (SIGNALLED.compareAndSet(this, 0, 1)) {
            stream.session.execute(onLoop);
        }
    }

    private void signalled() {
        signalled = 0;
        stream.outbound.activate();
    }
}
