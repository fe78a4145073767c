package io.weir.reactive;

import io.weir.core.error.CloseReason;
import io.weir.core.error.GoingAwayException;
import io.weir.core.identity.PeerId;
import io.weir.core.path.PathStats;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.ending.Ending;
import java.net.SocketAddress;
import java.time.Duration;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An authenticated, encrypted association with one peer over one link. Lives on one loop, where all of its signals
 * arrive; its methods may be called from any thread. The node owns it: nothing here needs to be subscribed for it to
 * live, and {@link #dispose} or {@link #close} end it. Its {@linkplain PeerCalls calls} fail when it has ended.
 */
public interface PeerSession extends PeerCalls, Disposable {

    /** A number that is unique within the node, for logs. */
    long id();

    /** Who the peer proved to be. */
    PeerId peer();

    /** The far end: where the peer is now, if it is one that can move ({@link PeerEvent.ConnectionMoved}). */
    SocketAddress remoteAddress();

    /** The transport that carries it, as addresses name it: {@code tcp}, {@code memory}. */
    String transport();

    /** Whether this node dialled. */
    boolean initiator();

    /** Where the session is in its life. */
    SessionState state();

    /**
     * A handle on the stream with this id, for what {@link #subscribe} and {@link #exchange} do not do: two sides that meet on one
     * id, whoever comes first, and halves that are fed and drained one by one. Does no I/O: the first use of the handle joins the live stream of that id if
     * there is one (its config then wins, with a warning in the log), else opens a new epoch.
     *
     * @param id opaque, chosen by the caller; both sides name the same stream by the same id
     */
    PeerStream openStream(StreamId id, StreamOpen open, StreamConfig config);

    /** A {@linkplain StreamConfig#reliable() reliable} stream whose id is derived from its name. */
    default PeerStream openStream(String name) {
        return openStream(name, StreamConfig.reliable());
    }

    /** A handle on the stream whose id is derived from its name. */
    default PeerStream openStream(String name, StreamConfig config) {
        return openStream(StreamId.of(name), StreamOpen.named(name), config);
    }

    /**
     * Streams that the peer opened and for which no handler is declared. Each must be used (subscribed, sent to) within
     * 10 s or is refused; at most 16 wait, further ones are refused at once. Multicast: those waiting first, then each
     * new one.
     */
    Flux<PeerStream> streams();

    /**
     * The one-way messages that no {@link MessageHandler} takes, from the subscription on. Multicast; observes and does not
     * gate: 256 are kept for each subscriber, and no more bytes than {@link NodeLimits#requestWindowBytes()}, further ones
     * are left out for it. What nobody listens for is dropped and counted by {@link #messageStats}. Completes when the
     * session ends.
     */
    Flux<Message> messages();

    /**
     * How this side's requests end, exactly one event for each request that ends from the subscription on. Multicast; 256
     * are kept for each subscriber, further ones are left out for it. Completes when the session has ended.
     */
    Flux<ReplyEvent> replies();

    /** Counters of messages, weakly consistent. */
    MessageStats messageStats();

    /** How many streams this side has open, and how many wait for the peer to allow them. Any thread. */
    OpenStats openStats();

    /**
     * Asks the peer for a sign of life. Cold. At most one PING is on the wire in a session: who asks meanwhile shares its
     * answer.
     *
     * @return the time from writing the PING to its PONG, on the session's loop; what waits to be sent at both ends is part
     *     of it. Fails with {@link io.weir.core.error.SessionClosedException} when the session ends before. It has no
     *     time-out of its own: a peer that speaks but does not answer lets it wait
     */
    Mono<Duration> ping();

    /**
     * The round-trip time, smoothed by the constants of RFC 6298. Measured once the session is ready, by every
     * {@link #ping}, about once in a second while the session speaks, and on an idle link about once in four of the longer
     * silence limit of the two ends, where PING takes the place of a heartbeat. Before the first sample, the time that the
     * handshake took. Any thread.
     */
    Duration roundTrip();

    /**
     * What the path to the peer is like at the moment of subscribing: round trip, congestion window, what is under way, lost and
     * sent again, size and pace of datagrams. Cold.
     *
     * @return one snapshot, on the session's loop; empty over links of bytes, whose operating system keeps all that to itself,
     *     and once the session has ended
     */
    Mono<PathStats> pathStats();

    /**
     * The same again and again: a snapshot for each that is asked for, taken when it is, at most one in each interval. Cold.
     * Who stops asking costs nothing.
     *
     * @param interval 1 ms to 365 days
     * @return completes when the session ends; at once over links of bytes
     * @throws IllegalArgumentException if the interval is out of range
     */
    Flux<PathStats> pathStats(Duration interval);

    /**
     * Ends the session in good order: the peer is told that nothing new is taken (GOAWAY), what was begun on either side
     * goes on, and END is said when nothing is left. Meanwhile the session is {@link SessionState#DRAINING} at both ends;
     * new streams, requests and messages fail with GOING_AWAY, which is retryable: they were not processed, and another
     * session can have them. Nothing is left when every stream has ended and everything sent on it was consumed, every
     * request was answered, every one-way message of this side is written and every one of the peer is handled. Cold; a
     * second drain can only bring the deadline forward.
     *
     * @param deadline 0 to 1 h; then what is left is cut off with DRAIN_TIMEOUT, counted by
     *     {@link PeerEvent.DrainCutOff}. A publisher that never ends is one of these, unless it ends with {@link #onDrain}
     * @return completes when the session is closed with nothing cut off, by either side; fails with
     *     {@link io.weir.core.error.SessionClosedException} if it ended otherwise
     */
    Mono<Void> drain(Duration deadline);

    /**
     * Completes when either side has begun to drain the session, or it has ended. Only observes. Endless publishers and
     * handlers end well by it: {@code stream.send(quotes.takeUntilOther(session.onDrain()), codec)}.
     */
    Mono<Void> onDrain();

    /**
     * The source, which is cancelled when either side has begun to drain the session, or it has ended; then it fails with
     * {@link io.weir.core.error.GoingAwayException}. For publishers that are not complete when they end here,
     * {@code stream.send(session.untilGoingAway(quotes), codec)}: the peer gets all that was emitted, then
     * {@link io.weir.core.error.StreamReset} with GOING_AWAY, which {@link io.weir.reactive.operator.Reconnect#stream} mends.
     */
    default <T> Flux<T> untilGoingAway(Flux<T> source) {
        return Ending.failing(source, onDrain(), GoingAwayException::new);
    }

    /**
     * As {@link #onDrain}, but fails, with {@link io.weir.core.error.GoingAwayException}. Not for {@code takeUntilOther}, which cancels
     * its source when the other completes and not when it fails: that is {@link #untilGoingAway}.
     */
    default Mono<Void> goingAway() {
        return onDrain().then(Mono.error(GoingAwayException::new));
    }

    /** Says END to the peer, flushes and closes. Cold; completes when the session is closed. */
    Mono<Void> close();

    /** Says END and closes now. */
    @Override
    void dispose();

    @Override
    boolean isDisposed();

    /** Emits why the session ended, then completes. Only observes. */
    Mono<CloseReason> onClose();
}
