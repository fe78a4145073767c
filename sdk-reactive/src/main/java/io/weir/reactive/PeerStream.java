package io.weir.reactive;

import io.weir.core.error.CloseReason;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.core.stream.StreamStats;
import io.weir.core.wire.Headers;
import io.weir.reactive.codec.Codec;
import java.time.Instant;
import java.util.Optional;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One life (epoch) of a bidirectional stream: a {@code Flux} that crosses the wire in each direction.
 *
 * <p>A stream has two independent halves. {@link #send} or {@link #trySend} feeds the sending half, {@link #receive}
 * drains the receiving half; each ends by itself:
 *
 * <table>
 * <caption>How ends cross the wire</caption>
 * <tr><th>here</th><th>at the peer</th></tr>
 * <tr><td>the publisher completes</td><td>{@code receive} completes after its queue</td></tr>
 * <tr><td>the publisher fails</td><td>{@code receive} fails with {@link io.weir.core.error.StreamReset} after its
 * queue</td></tr>
 * <tr><td>the publisher fails with {@link io.weir.core.error.GoingAwayException}</td><td>the same, with the retryable code
 * {@code GOING_AWAY}</td></tr>
 * <tr><td>{@code send} is cancelled</td><td>the same at once, code {@code CANCELLED}; its queue is discarded</td></tr>
 * <tr><td>{@code receive} is cancelled</td><td>the publisher is cancelled, {@code send} fails with
 * {@link io.weir.core.error.StreamStopped}</td></tr>
 * </table>
 *
 * <p>A handle does nothing until its first use, which opens the stream (or joins the peer's live epoch of that id);
 * a refusal arrives there. A handle that is closed or disposed of before its first use ends alone: nothing is opened, no
 * other handle of that id notices, and a later use of it fails with the code {@code STREAM_CLOSED}, {@code send} with
 * {@link io.weir.core.error.StreamStopped}, {@code receive} with {@link io.weir.core.error.StreamReset}, {@code trySend}
 * by {@link TrySend#NOT_CONNECTED}. All signals arrive on the session's loop unless {@link #receiveOn} moves them, and user code
 * there must not block. All methods may be called from any thread.
 */
public interface PeerStream extends Disposable {

    /** The id that both sides chose. */
    StreamId id();

    /** The name it was opened under. */
    String name();

    /** The headers it was opened with. */
    Headers headers();

    /** The session that carries it. */
    PeerSession session();

    /** This side's configuration; the first one wins where several handles share a live stream. */
    StreamConfig config();

    /**
     * Sends what the publisher emits, in order; asks it for elements only when the peer has given credit and the link is
     * writable. One that does not wait for demand, as {@code Flux.interval}, finds 16 elements requested once one was
     * written, or as many as the credit covers; where it may emit more while nothing is asked for, put {@code
     * onBackpressureBuffer} or {@code onBackpressureLatest} in front of this.
     *
     * @return cold; RELIABLE: completes when the peer has consumed the last element, FIRE_AND_FORGET: when it is
     *     written. Fails with the publisher's error, at once: what was accepted before it still goes out, and the
     *     peer gets the error behind it, within the drain time-out. Fails with
     *     {@link io.weir.core.error.StreamStopped} when the peer cancelled, with
     *     {@link io.weir.core.error.SessionClosedException} when the session ended, with {@link IllegalStateException}
     *     when the half is already fed. Cancelling it resets the half.
     */
    <T> Mono<Void> send(Publisher<? extends T> source, Codec<T> codec);

    /**
     * Sends one element now or not at all. Never blocks. Credit is reserved before the element is accepted, so nothing
     * is queued beyond it, nor beyond what this side holds for sending: {@link NodeLimits#sessionSendBudgetBytes}, of which
     * one stream has a quarter.
     *
     * @throws IllegalStateException if the half is fed by {@link #send}
     * @throws io.weir.core.error.CodecException if the value cannot be encoded; nothing was sent, the half stays usable
     * @throws io.weir.core.error.PayloadTooLargeException if the peer would never take it
     */
    <T> TrySend trySend(T value, Codec<T> codec);

    /**
     * When {@link #trySend} is worth another try. Cold, any number of subscribers; each waits until the element that was
     * refused last, by {@link TrySend#BACKPRESSURE}, has room again in the peer's credit and in this side's memory, or no
     * more need be waited for: the half has ended, and the next {@code trySend} says so. Another thread may be first, so
     * {@code trySend} may refuse again; then wait again. Does not open the stream.
     *
     * <pre>{@code
     * Mono<TrySend> sent = Mono.fromCallable(() -> stream.trySend(value, codec))
     *         .filter(answer -> answer != TrySend.BACKPRESSURE)
     *         .repeatWhenEmpty(refusals -> refusals.concatMap(n -> stream.sendable().thenReturn(n)));
     * }</pre>
     *
     * @return completes, on the session's loop, or at once where nothing was refused; fails only with
     *     {@link IllegalStateException}, if the half is fed by {@link #send}
     */
    Mono<Void> sendable();

    /**
     * What the peer sends. {@code request(n)} lets credit flow: an element's cost is given back when {@code onNext} for
     * it has returned. Unicast: one subscriber for the half, later ones get its end, or {@link IllegalStateException}
     * while it lives; for a stream of each subscriber's own there is {@link PeerCalls#subscribe}.
     *
     * <p>Fails with {@link io.weir.core.error.StreamReset}, after what was queued, when the peer's publisher failed, or with what
     * that said, {@link io.weir.core.error.ApplicationException}; at once when it was cancelled; and with {@link io.weir.core.error.SessionClosedException}, after what was queued, when the
     * session ended before the peer's publisher had.
     */
    <T> Flux<T> receive(Codec<T> codec);

    /** A view of this stream whose {@link #receive} delivers on the scheduler, 256 elements ahead. */
    PeerStream receiveOn(Scheduler scheduler);

    /**
     * Ends the stream as {@link StreamConfig#closeBehavior()} says. DRAIN_THEN_CLOSE: elements accepted so far are sent
     * and the result completes when the peer has consumed them, whatever the reliability, or fails and resets at the
     * drain time-out.
     * DROP_AND_CLOSE: both halves are reset at once. The receiving half is stopped in both. Cold.
     */
    Mono<Void> close();

    /** Resets both halves now; of a handle that was never used, ends that handle only. Idempotent. */
    @Override
    void dispose();

    /** Whether both halves have ended, or the session has. */
    @Override
    boolean isDisposed();

    /** Counters, weakly consistent. */
    StreamStats stats();

    /**
     * Number of this life of the id in its session, the same at both ends: 1 for the first, one more for each that begins
     * before both ends know the one before to be over, and from 1 again after that. 0 before the first use has reached the
     * session's loop, and of a stream that was never opened.
     */
    long epoch();

    /**
     * When an element was last sent or received, by the wall clock of the session's loop and to about a millisecond: when
     * the stream was opened, if none was yet; when the session became ready, if it was not opened either. An element counts
     * from the time of the record that it went out or came in with.
     */
    Instant lastActivity();

    /**
     * Why {@link #trySend} answers {@link TrySend#NOT_CONNECTED}: what ended the sending half, or the session if that was
     * before; {@code NONE} for an end in good order. Empty while the half takes elements, also where the receiving half has
     * ended, which {@link #receive} tells.
     */
    Optional<CloseReason> closeReason();
}
