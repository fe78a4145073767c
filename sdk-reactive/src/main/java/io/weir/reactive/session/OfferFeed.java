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
 * Feeds a sending half from {@code trySend}: an {@link OfferCredit} is asked before an element is accepted, so the queue
 * never holds more than the peer has allowed.
 *
 * <p>Threads: {@link #offer} on any; the loop publishes the limit and drains the queue.
 */
final class OfferFeed implements Feed {

    private final LiveStream stream;
    private final Queue<ByteBuffer> queue =
            Queues.<ByteBuffer>unboundedMultiproducer().get();
    private final ElementWriter<ByteBuffer> writer;
    private final Runnable onLoop = this::signalled;

    private final OfferCredit credit;

    private volatile long backpressureEvents;
    private static final AtomicLongFieldUpdater<OfferFeed> BACKPRESSURE =
            AtomicLongFieldUpdater.newUpdater(OfferFeed.class, "backpressureEvents");

    private volatile int signalled;
    private static final AtomicIntegerFieldUpdater<OfferFeed> SIGNALLED =
            AtomicIntegerFieldUpdater.newUpdater(OfferFeed.class, "signalled");

    private volatile boolean refusedForCredit;

    // loop-confined
    private @Nullable ByteBuffer held;
    private long taken; // cost of what came out of the queue
    private boolean closing;

    OfferFeed(LiveStream stream, long initialLimit) {
        this.stream = stream;
        this.credit = new OfferCredit(initialLimit);
        this.writer = new ElementWriter<>(Codec.buffers(), stream.session.peerMaxPayloadBytes());
    }

    /**
     * Accepts one encoded element if there is credit for it. Any thread.
     *
     * @throws PayloadTooLargeException if it exceeds the whole window, so that there would never be credit for it
     */
    TrySend offer(ByteBuffer payload) {
        TrySend answer = credit.reserve(payload.remaining());
        if (answer == TrySend.BACKPRESSURE) {
            BACKPRESSURE.incrementAndGet(this);
            refusedForCredit = true;
            signal();
        } else if (answer == TrySend.OK) {
            queue.offer(payload);
            signal();
        }
        return answer;
    }

    long backpressureEvents() {
        return backpressureEvents;
    }

    void publishLimit(SendHalf half) {
        SendCredit given = half.credit();
        credit.publish(given.limit(), given.window());
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
            payload = queue.poll();
            if (payload == null) {
                if (!closing && credit.isClosedAt(taken)) {
                    closing = true;
                    stream.outbound.finish();
                } else if (refusedForCredit) {
                    refusedForCredit = false;
                    half.blocked();
                }
                return Step.EMPTY;
            }
            taken += Cost.of(payload.remaining());
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
        credit.close();
    }

    @Override
    public void onEnded(@Nullable RuntimeException failure) {
        credit.close();
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
