package io.weir.reactive.session.stream;

import io.weir.core.credit.Cost;
import io.weir.core.credit.HeldBytes;
import io.weir.core.credit.SendCredit;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.stream.SendHalf;
import io.weir.core.stream.StreamEpoch;
import io.weir.core.wire.FrameWriter;
import io.weir.reactive.TrySend;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.loop.LoopSignal;
import io.weir.reactive.session.memory.OfferMemory;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;
import reactor.util.concurrent.Queues;

/**
 * Feeds a sending half from {@code trySend}: an {@link OfferCredit} is asked before an element is accepted, so the queue
 * never holds more than the peer has allowed, and an {@link OfferMemory}, so that it holds no more than this side allows.
 *
 * <p>Threads: {@link #offer} on any; the loop publishes the limit and drains the queue.
 */
final class OfferFeed implements Feed {

    /** What was written is given back in one go, at the latest when it is so much: each time touches the node's count. */
    private static final long MOST_SETTLED = 16 * 1024;

    private final LiveStream stream;
    private final Queue<ByteBuffer> queue =
            Queues.<ByteBuffer>unboundedMultiproducer().get();
    private final ElementWriter<ByteBuffer> writer;
    private final LoopSignal signal;

    private final OfferCredit credit;
    private final OfferMemory memory;
    private final OfferWaits waits;

    private volatile long backpressureEvents;
    private static final AtomicLongFieldUpdater<OfferFeed> BACKPRESSURE =
            AtomicLongFieldUpdater.newUpdater(OfferFeed.class, "backpressureEvents");

    private volatile boolean refusedForCredit;

    // loop-confined
    private @Nullable ByteBuffer held;
    private long taken; // cost of what came out of the queue
    private long writing; // booked for the element that came out of it last
    private long settled; // booked for what was written, and not given back yet
    private boolean closing;

    /**
     * The one of this stream; made, and the stream opened, at its first use. Any thread.
     *
     * @throws IllegalStateException if the half is fed by {@code send}
     */
    static OfferFeed of(LiveStream stream) {
        OutboundHalf half = stream.outbound;
        Feed feed = half.feed();
        if (feed == null) {
            OfferFeed candidate = new OfferFeed(stream, firstWindow(stream));
            if (half.attach(candidate)) {
                stream.session.run(() -> {
                    stream.activate();
                    half.start(candidate);
                });
                return candidate;
            }
            feed = half.feed();
        }
        if (feed instanceof OfferFeed offers) {
            return offers;
        }
        throw new IllegalStateException("the sending half is fed by send; trySend cannot be used beside it");
    }

    /** What the peer allows at first: as its OPEN says, if that has come. */
    private static long firstWindow(LiveStream stream) {
        StreamEpoch live = stream.epoch();
        return live == null
                ? stream.session.peerHello().initialWindow()
                : live.sending().credit().limit();
    }

    private OfferFeed(LiveStream stream, long initialLimit) {
        this.stream = stream;
        this.signal = new LoopSignal(stream.session.loop(), stream.outbound::activate);
        this.credit = new OfferCredit(initialLimit);
        SendWaits line = stream.streams.sendWaits();
        this.memory = new OfferMemory(line.memory());
        this.waits = new OfferWaits(stream.session.loop(), credit, memory, line);
        this.writer =
                new ElementWriter<>(Codec.buffers(), stream.session.peerHello().maxPayloadBytes(), null);
    }

    /**
     * Accepts one encoded element if there is credit for it, and memory. Any thread.
     *
     * @throws PayloadTooLargeException if it exceeds the whole window, so that there would never be credit for it
     */
    TrySend offer(ByteBuffer payload) {
        int size = payload.remaining();
        TrySend answer = credit.ask(size); // most refusals end here, and book nothing
        if (answer == TrySend.OK) {
            long held = HeldBytes.ofElement(size);
            if (!memory.tryBook(held)) {
                waits.onRefused(size);
                BACKPRESSURE.incrementAndGet(this);
                return TrySend.BACKPRESSURE;
            }
            answer = credit.reserve(size);
            if (answer == TrySend.OK) {
                queue.offer(payload);
                signal.signalLater();
                return answer;
            }
            memory.release(held);
        }
        if (answer == TrySend.BACKPRESSURE) {
            waits.onRefused(size);
            BACKPRESSURE.incrementAndGet(this);
            refusedForCredit = true;
            signal.signalLater();
        }
        return answer;
    }

    long backpressureEvents() {
        return backpressureEvents;
    }

    /** Tells when an element of the size that was refused last may be taken. Any thread. */
    void awaitRoom(MonoSink<Void> sink) {
        waits.join(sink);
    }

    void publishLimit(SendHalf half) {
        SendCredit given = half.credit();
        credit.publish(given.limit(), given.window());
        waits.onChange();
    }

    @Override
    public void onOpened(SendHalf half) {
        publishLimit(half);
    }

    @Override
    public Step writeNext(FrameWriter record, SendHalf half) {
        Step step = writeOne(record, half);
        if (settled > 0 && step != Step.WROTE || settled >= MOST_SETTLED) {
            memory.release(settled);
            settled = 0;
        }
        return step;
    }

    private Step writeOne(FrameWriter record, SendHalf half) {
        if (writer.inProgress()) {
            return written(writer.resume(record, half));
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
                    return Step.NO_CREDIT;
                }
                return Step.EMPTY;
            }
            taken += Cost.of(payload.remaining());
            writing = HeldBytes.ofElement(payload.remaining());
        }
        held = null;
        Step step = written(writer.write(payload, record, half));
        if (step != Step.WROTE && !writer.inProgress()) {
            held = payload;
        }
        return step;
    }

    private Step written(Step step) {
        if (step == Step.WROTE && !writer.inProgress()) {
            settled += writing;
        }
        return step;
    }

    @Override
    public void closeAfterAccepted() {
        credit.close();
        waits.onChange();
    }

    @Override
    public void onEnded(@Nullable RuntimeException failure) {
        credit.close();
        held = null;
        queue.clear();
        memory.end();
        waits.end();
    }
}
