package io.weir.reactive;

import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.Headers;
import io.weir.reactive.codec.Codec;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What one can ask of a peer: on a {@link PeerSession}, which is there or has ended, or on a {@link Peer} or a
 * {@link ManagedPeer}, whose calls wait for a session. All of it is cold: each subscription is a call of its own. All methods may be
 * called from any thread; signals arrive on the session's loop, where user code must not block.
 *
 * <table>
 * <caption>Which call is for what</caption>
 * <tr><th>call</th><th>to the peer</th><th>from the peer</th><th>the peer declares</th></tr>
 * <tr><td>{@code request}</td><td>one value</td><td>one value</td><td>{@link PeerNodeSpec#onRequest}</td></tr>
 * <tr><td>{@code send}</td><td>one value</td><td>nothing</td><td>{@link PeerNodeSpec#onMessage}</td></tr>
 * <tr><td>{@code subscribe}</td><td>nothing</td><td>values</td><td>{@link PeerNodeSpec#onStream}</td></tr>
 * <tr><td>{@code exchange}</td><td>values</td><td>values</td><td>{@link PeerNodeSpec#onStream}</td></tr>
 * </table>
 *
 * <p>Nothing is made twice: a call whose session is lost fails, and whether to make it again is its subscriber's decision
 * ({@link io.weir.reactive.operator.PeerRetry}).
 */
public interface PeerCalls {

    /** {@link #request(String, Object, Codec, Codec, RequestOptions)} with the node's time-out and no headers. */
    default <A, B> Mono<B> request(String route, A value, Codec<A> in, Codec<B> out) {
        return request(route, value, in, out, RequestOptions.defaults());
    }

    /**
     * Asks the peer's {@link RequestHandler} of this route. The request is made when the subscriber first asks; the value is encoded
     * there and then, on that thread.
     *
     * @param value not read any more once the subscriber's request has returned, where there is a session
     * @return the reply; never empty. Fails with
     *     {@link io.weir.core.error.ReplyMissingException}: its reason is the peer's answer ({@code NO_HANDLER},
     *     {@code APPLICATION_ERROR}, {@code BUSY} ...), {@code REQUEST_TIMEOUT}, {@code TOO_MANY_REQUESTS} where
     *     {@link NodeLimits#maxRequestsOutstanding()} are unanswered, {@code GOING_AWAY} where the session drains, or why
     *     the session ended. Fails with {@link io.weir.core.error.ApplicationException} where the peer's handler did, and with
     *     {@link io.weir.core.error.CodecException} where a codec does, and with
     *     {@link io.weir.core.error.PayloadTooLargeException} for more than the peer's window. Cancelling it, or a
     *     time-out, tells the peer, which cancels its handler
     * @throws IllegalArgumentException if the route is longer than 255 bytes of UTF-8
     */
    <A, B> Mono<B> request(String route, A value, Codec<A> in, Codec<B> out, RequestOptions options);

    /** {@link #send(String, Headers, Object, Codec)} without headers. */
    default <A> Mono<Void> send(String name, A value, Codec<A> codec) {
        return send(name, Headers.empty(), value, codec);
    }

    /**
     * Sends a one-way message.
     *
     * @param headers told to the peer's {@link MessageHandler}
     * @return completes when it is written, over datagrams when the peer has it: nobody says that it was handled. Fails with
     *     {@link io.weir.core.error.MessageNotSentException} when too many wait here or the session drains or ends, with
     *     {@link io.weir.core.error.CodecException} when it cannot be encoded, and with
     *     {@link io.weir.core.error.PayloadTooLargeException} for more than the peer's window. Cancelling does not take it
     *     back
     * @throws IllegalArgumentException if the name is longer than 255 bytes of UTF-8
     */
    <A> Mono<Void> send(String name, Headers headers, A value, Codec<A> codec);

    /** {@link #subscribe(StreamOpen, StreamConfig, Codec)} without headers, {@linkplain StreamConfig#reliable() reliable}. */
    default <T> Flux<T> subscribe(String name, Codec<T> codec) {
        return subscribe(StreamOpen.named(name), StreamConfig.reliable(), codec);
    }

    /**
     * Receives what the peer's {@link StreamHandler} of that name sends. Each subscription opens a stream of its own, with an id that
     * nobody else has, and sends nothing on it. Demand is credit: a subscriber that stops asking stops the peer's publisher.
     *
     * @param open the name, and headers for the handler; it is always {@linkplain StreamOpen#forHandler() for a handler}
     * @param config its window is this side's; the reliability is what the peer's handler sends with, unless it declares its own
     * @return completes when the peer's publisher does. Fails as {@link PeerStream#receive} does; at once with
     *     {@link io.weir.core.error.StreamReset} {@code REFUSED} where the peer has no handler of the name and nobody looks at its
     *     {@link PeerSession#streams()}, {@code BUSY} where all its places are taken, {@code GOING_AWAY} where the session drains.
     *     Cancelling it cancels the peer's publisher
     */
    <T> Flux<T> subscribe(StreamOpen open, StreamConfig config, Codec<T> codec);

    /**
     * {@link #exchange(StreamOpen, StreamConfig, Publisher, Codec, Codec)} without headers,
     * {@linkplain StreamConfig#reliable() reliable}.
     */
    default <A, B> Flux<B> exchange(String name, Publisher<? extends A> values, Codec<A> in, Codec<B> out) {
        return exchange(StreamOpen.named(name), StreamConfig.reliable(), values, in, out);
    }

    /**
     * Sends values and receives values: request-stream (with one value) and channel. Each subscription opens a stream of its own,
     * which the peer's {@link StreamHandler} of the name answers. Demand is credit in both directions.
     *
     * @param open the name, and headers for the handler; it is always {@linkplain StreamOpen#forHandler() for a handler}
     * @param config rules what this side sends, and its window; the peer's handler sends with the same reliability, unless it declares
     *     its own configuration
     * @return completes when the peer's half has completed and this side's values are consumed ({@code FIRE_AND_FORGET}: written), or
     *     no longer wanted: a peer that takes no more values cancels the publisher and may go on answering. Fails at once when the
     *     publisher does, and as {@link #subscribe(StreamOpen, StreamConfig, Codec)} does. Cancelling cancels in both directions
     */
    <A, B> Flux<B> exchange(
            StreamOpen open, StreamConfig config, Publisher<? extends A> values, Codec<A> in, Codec<B> out);
}
