package io.weir.reactive.session.stream;

import io.weir.core.error.CodecException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.error.WeirException;
import io.weir.core.stream.SendHalf;
import io.weir.core.wire.FrameWriter;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.fault.Fault;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;

/**
 * Feeds a sending half from a publisher: credit becomes demand upstream, by the rule of
 * {@link io.weir.core.credit.SendCredit#demand}, and the publisher's end becomes the half's end, behind all that it had
 * emitted. Its error reaches the subscriber of {@code send} at once, while what is queued still goes out.
 *
 * <pre>
 *   publisher --any thread--&gt; SendInput: queue, end --loop--&gt; writeNext --&gt; ElementWriter --&gt; record
 *       ^                                                        |
 *       +------------------- request: credit --------------------+
 * </pre>
 *
 * <p>Threads: the publisher signals to the {@link SendInput}; everything else is loop-confined. The subscription given to the
 * subscriber of {@code send} may be cancelled from any thread.
 */
final class SendFeed<T> implements Feed, Subscription, Scannable {

    private final LiveStream stream;
    private final Publisher<? extends T> source;
    private final CoreSubscriber<? super Void> actual;
    private final ElementWriter<T> writer;
    private final SendInput<T> input;

    // loop-confined
    private @Nullable T held;
    private int inFlight;
    private boolean subscribed;
    private boolean closedHere;
    private boolean failing;
    private boolean started;
    /** The subscriber knows the end. */
    private boolean told;
    /** The half has ended, or nobody wants it any more: nothing is kept for it. */
    private boolean ended;

    /** Written by any thread. */
    private volatile boolean cancelled;

    SendFeed(
            LiveStream stream,
            Publisher<? extends T> source,
            Codec<? super T> codec,
            CoreSubscriber<? super Void> actual) {
        this.stream = stream;
        this.source = source;
        this.actual = actual;
        this.input = new SendInput<>(stream, actual, this::onSignal);
        this.writer =
                new ElementWriter<>(codec, stream.session.peerHello().maxPayloadBytes(), stream.streams.sendWaits());
    }

    // ---- the half's side, on the loop

    @Override
    public void onOpened(SendHalf half) {
        if (!subscribed && !ended) {
            subscribed = true;
            try {
                input.subscribeTo(source);
            } catch (Throwable e) {
                thrownByPublisher(e);
            }
        }
    }

    @Override
    public Step writeNext(FrameWriter record, SendHalf half) {
        try {
            return writeNextOrThrow(record, half);
        } catch (CodecException | PayloadTooLargeException e) {
            onUnwritable(e, half);
            return Step.EMPTY;
        } catch (Throwable e) {
            thrownByPublisher(e);
            return Fault.isFatal(e) ? Step.EMPTY : Step.WROTE; // what it had emitted before goes on
        }
    }

    /** Publishers must not throw: it is taken for this one's error, and the session goes on unless it is fatal. */
    private void thrownByPublisher(Throwable e) {
        if (Fault.isFatal(e)) {
            stream.session.thrown(e, input.currentContext());
        } else if (input.isDone()) {
            stream.outbound.reset(ErrorCode.APPLICATION_ERROR, Feed.stoppedHere(ErrorCode.APPLICATION_ERROR));
        } else {
            input.fail(e);
            onFailed();
        }
    }

    /** The publisher has failed: its subscriber hears at once, the peer behind what was accepted. */
    private void onFailed() {
        Throwable e = input.isDone() ? input.error() : null;
        if (e != null && !failing && !isCancelling()) {
            failing = true;
            ErrorCode code = Feed.codeOf(e);
            stream.outbound.failAfterAccepted(code, Fault.saidHere(e), Feed.stoppedHere(code));
            tell(e);
        }
    }

    /** This element can never be written. Those before it are: the error goes behind them, in place of what follows. */
    private void onUnwritable(WeirException e, SendHalf half) {
        ErrorCode code = e.reason().error();
        half.close(code);
        Throwable before = input.error();
        input.fail(before == null ? e : before);
        failing = true;
        stream.outbound.failAfterAccepted(code, null, e);
        input.cancel();
        discard();
        tell(e);
    }

    private Step writeNextOrThrow(FrameWriter record, SendHalf half) {
        if (writer.inProgress()) {
            return writer.resume(record, half);
        }
        T value = held;
        if (value == null) {
            value = poll(half);
            if (value == null) {
                return isStarved(half) ? Step.NO_CREDIT : Step.EMPTY;
            }
            if (ended) {
                Operators.onDiscard(value, input.currentContext());
                return Step.EMPTY;
            }
        } else {
            held = null;
        }
        Step step = writer.write(value, record, half);
        if (step != Step.WROTE && !writer.inProgress()) {
            held = value;
        }
        return step;
    }

    /** The next element, asking for more where credit allows; null: nothing now, or the end, which is then told. */
    private @Nullable T poll(SendHalf half) {
        boolean last = input.isDone();
        T value = input.poll();
        if (value == null && !last && requestMore(half) && !ended) {
            last = input.isDone();
            value = input.poll();
        }
        if (value != null) {
            inFlight--;
            requestMore(half);
            return value;
        }
        if (last && !ended && !isCancelling()) {
            onFailed(); // before the code of the end is taken
            stream.outbound.finish();
        } else if (isStarved(half)) {
            half.blocked();
        }
        return null;
    }

    /** The subscriber has cancelled, and the loop has yet to: it may meet an end of the publisher first, which is nobody's. */
    private boolean isCancelling() {
        return cancelled && !told;
    }

    /** Nothing is held that did not fit, yet only credit keeps this side from asking. */
    private boolean isStarved(SendHalf half) {
        return !ended && !input.isDone() && half.credit().exhausted();
    }

    private boolean requestMore(SendHalf half) {
        if (!input.canBeAsked() || closedHere) {
            return false;
        }
        int n = half.credit().demand(inFlight, held != null || writer.inProgress() ? 1 : 0);
        if (n <= 0) {
            return false;
        }
        inFlight += n;
        try {
            input.request(n);
        } catch (Throwable e) {
            thrownByPublisher(e);
        }
        return true;
    }

    @Override
    public void closeAfterAccepted() {
        if (!input.isDone()) {
            closedHere = true;
            input.close();
        }
    }

    @Override
    public void onEnded(@Nullable RuntimeException failure) {
        if (ended || !started) {
            // not started: the half tells it again when it is
            return;
        }
        ended = true;
        Throwable failed = input.isDone() ? input.error() : null;
        Throwable end = failed != null ? failed : failure;
        if (end == null && (closedHere || !input.isDone())) {
            end = Feed.stoppedHere(ErrorCode.STREAM_CLOSED);
        }
        if (end != null) {
            input.cancel();
            discard();
        }
        tell(end);
    }

    /** The subscriber has its subscription: signals may come. */
    @Override
    public void onAttached() {
        started = true;
        if (failing) {
            tell(input.error());
        }
    }

    /** Tells the subscriber the end, once. */
    private void tell(@Nullable Throwable end) {
        if (told || !started) {
            return;
        }
        told = true;
        Fault.tellEnd(actual, end, stream.session);
        if (end != null && (end == input.error() || end instanceof CodecException)) {
            stream.handled.onPublisherFailed(end);
        }
    }

    private void discard() {
        writer.clear();
        T value = held;
        held = null;
        if (value != null) {
            Operators.onDiscard(value, input.currentContext());
        }
        input.discardQueue();
    }

    /** The publisher has said something. */
    private void onSignal() {
        if (ended) {
            discard();
        } else {
            onFailed();
            // no effect from inside serve, where a synchronous publisher answers request: the loop there takes it
            stream.outbound.activate();
        }
    }

    // ---- the subscriber's side, any thread

    @Override
    public void request(long n) {
        if (n > 0) {
            return; // there is no element to ask for
        }
        stream.session.run(() -> stream.outbound.reset(ErrorCode.CANCELLED, Fault.badDemand(n)));
    }

    @Override
    public void cancel() {
        cancelled = true;
        stream.session.run(() -> {
            if (!ended && !told) {
                ended = true;
                input.cancel();
                discard();
                stream.outbound.reset(ErrorCode.CANCELLED, Feed.stoppedHere(ErrorCode.CANCELLED));
            }
        });
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return input.scanUnsafe(key);
    }
}
