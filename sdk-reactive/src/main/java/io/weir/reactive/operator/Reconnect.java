package io.weir.reactive.operator;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.WeirException;
import io.weir.reactive.BalancedCalls;
import io.weir.reactive.Peer;
import io.weir.reactive.PeerSession;
import io.weir.reactive.fault.Fault;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Opens a stream again whenever the session under it is lost, or its publisher goes away, and says so each time.
 *
 * <pre>{@code
 *   Opened(1)  e  e  e  Lost(1)  ...next session...  Opened(2)  e  e  e
 * }</pre>
 *
 * <p>What is promised, and what is not: each element that an epoch delivers is passed on once and in order, and no element is
 * repeated or made up here. What the peer had sent and the lost session did not deliver is gone. Where the next epoch goes on
 * is agreed between the two applications: the function that opens it learns from {@link Resume} what was delivered, and tells
 * the peer, by a header or by its first value. Without that the next epoch holds whatever the peer sends then.
 */
public final class Reconnect {

    private Reconnect() {}

    /** What happens to a stream that is opened again and again. */
    public sealed interface Signal<T> {

        /**
         * A session is there and the stream is opened on it.
         *
         * @param epoch how often it was opened, from 1
         * @param sessionId {@link PeerSession#id} of the session
         */
        record Opened<T>(long epoch, long sessionId) implements Signal<T> {}

        /**
         * The stream's next element.
         *
         * @param value as the stream gave it
         */
        record Element<T>(T value) implements Signal<T> {}

        /**
         * The session is lost, or the publisher goes away; unless an error follows, the next is {@link Opened}.
         *
         * @param epoch which one has ended
         * @param reason why
         */
        record Lost<T>(long epoch, CloseReason reason) implements Signal<T> {}
    }

    /**
     * How far the stream has come before an epoch.
     *
     * @param epoch the one that begins, from 1
     * @param delivered elements of all epochs before it
     * @param last the last one of them; null if there is none
     */
    public record Resume<T>(
            long epoch, long delivered, @Nullable T last) {}

    /**
     * A stream across the sessions with a peer. Cold; each subscription counts its own epochs. Nothing is opened before there
     * is demand. Whoever wants the peer connected has to see to it ({@link io.weir.reactive.ConnectionManager}): this one waits for
     * {@link Peer#session()}, for ever unless the peer is one {@linkplain Peer#within of a view}.
     *
     * <p>Only the loss of the session is mended, {@link SessionClosedException}, unless its reason is final, and GOING_AWAY.
     * That is a refusal by a session that drains, or what the peer's publisher ended with ({@link PeerSession#goingAway}): the
     * stream is opened again without delay, on the peer's next session, or on the same one if that still takes new streams;
     * when it goes away again before it counts as stable, the policy's delay comes first. Everything else ends the flux as it is: completion; what the peer's publisher failed with; a refusal
     * of the stream; {@link io.weir.core.error.ConnectException} when the node closes. When the policy gives up it ends with
     * {@link io.weir.core.error.GaveUpException}.
     *
     * @param open what to receive from this session, such as {@code session.subscribe(...)} or {@code session.exchange(...)}; what it
     *     throws fails the flux
     * @param retry how long to wait before the next session is asked for, and when to give up
     */
    public static <T> Flux<Signal<T>> stream(
            Peer peer,
            BiFunction<? super PeerSession, ? super Resume<T>, ? extends Publisher<? extends T>> open,
            PeerRetry retry) {
        Objects.requireNonNull(peer, "peer");
        Objects.requireNonNull(open, "open");
        PeerRetry onLoss = retry.only(Reconnect::isLoss).firstAtOnce(Reconnect::isGoingAway);
        return Flux.defer(() -> {
            Course<T> course = new Course<>(open);
            return peer.session().flatMapMany(course::epoch).retryWhen(onLoss);
        });
    }

    /**
     * The same across several peers: each epoch is at a peer that the group chooses then, and counts as one of its streams. The
     * group's {@link io.weir.reactive.Balancing#maxStreamAge()} ends an epoch as 'going away' does. Where nobody takes it in
     * time, NOT_CONNECTED, the policy's delay comes before the next time.
     */
    public static <T> Flux<Signal<T>> stream(
            BalancedCalls peers,
            BiFunction<? super PeerSession, ? super Resume<T>, ? extends Publisher<? extends T>> open,
            PeerRetry retry) {
        Objects.requireNonNull(peers, "peers");
        Objects.requireNonNull(open, "open");
        PeerRetry onLoss = retry.only(e -> isLoss(e) || isAbsence(e)).firstAtOnce(Reconnect::isGoingAway);
        return Flux.defer(() -> {
            Course<T> course = new Course<>(open);
            return peers.<Signal<T>>onSession(course::opened)
                    .onErrorResume(e -> course.lost(course.epoch, e))
                    .retryWhen(onLoss);
        });
    }

    /** Lets the elements pass, and tells the rest to a listener, in order with them. It must not block. */
    public static <T> Function<Flux<Signal<T>>, Flux<T>> elements(Consumer<? super Signal<T>> listener) {
        Objects.requireNonNull(listener, "listener");
        return signals -> signals.handle((signal, sink) -> {
            if (signal instanceof Signal.Element<T> element) {
                sink.next(element.value());
            } else {
                listener.accept(signal);
            }
        });
    }

    private static boolean isLoss(Throwable e) {
        return e instanceof SessionClosedException || isGoingAway(e);
    }

    private static boolean isAbsence(Throwable e) {
        return e instanceof ConnectException none && none.reason().error() == ErrorCode.NOT_CONNECTED;
    }

    private static boolean isGoingAway(Throwable e) {
        return e instanceof WeirException end && end.reason().error() == ErrorCode.GOING_AWAY;
    }

    /** One subscription's stream: its epochs come one after the other. */
    private static final class Course<T> {
        private final BiFunction<? super PeerSession, ? super Resume<T>, ? extends Publisher<? extends T>> open;
        private long epoch;
        private long delivered;
        private @Nullable T last;

        Course(BiFunction<? super PeerSession, ? super Resume<T>, ? extends Publisher<? extends T>> open) {
            this.open = open;
        }

        Flux<Signal<T>> epoch(PeerSession session) {
            Flux<Signal<T>> opened = opened(session);
            long begun = epoch;
            return opened.onErrorResume(e -> lost(begun, e));
        }

        Flux<Signal<T>> opened(PeerSession session) {
            long begun = ++epoch;
            Flux<Signal<T>> elements = Fault.<T>defer(
                            "the function that opens", () -> open.apply(session, new Resume<>(begun, delivered, last)))
                    .map(this::element);
            return Mono.<Signal<T>>just(new Signal.Opened<>(begun, session.id()))
                    .concatWith(elements);
        }

        private Signal<T> element(T value) {
            delivered++;
            last = value;
            return new Signal.Element<>(value);
        }

        private Flux<Signal<T>> lost(long begun, Throwable e) {
            if (Fault.isFatal(e)) {
                Fault.throwOn(e);
            }
            Flux<Signal<T>> failed = Flux.error(e);
            return isLoss(e) && e instanceof WeirException known
                    ? failed.startWith(new Signal.Lost<>(begun, known.reason()))
                    : failed;
        }
    }
}
