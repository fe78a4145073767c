package io.weir.reactive.routes;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.MessageNotSentException;
import io.weir.core.error.WeirException;
import io.weir.core.stream.StreamStats;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.RouteLoss;
import io.weir.reactive.Routed;
import io.weir.reactive.Routes;
import io.weir.reactive.TrySend;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.serial.SerialDrain;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;

/**
 * The stream of routed payloads in one session. A payload is accepted when the stream has asked for one, which it does under
 * the peer's credit; nothing is queued here but those that wait to be accepted. Thread safe: demand is taken by CAS, waiting
 * ones are served by whoever finds nobody serving.
 */
final class RouteLink {

    /** What an element costs beside its payload. */
    private static final int ELEMENT_COST = 16;

    private final Route route;
    private final PeerSession session;
    private final PeerStream stream;
    private final BiConsumer<RouteLink, @Nullable RouteLoss> onEnd;

    private final AtomicBoolean opened = new AtomicBoolean();
    private final AtomicBoolean offered = new AtomicBoolean();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong demand = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong leastCost = new AtomicLong(Long.MAX_VALUE);
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waitingCount = new AtomicInteger();
    private final SerialDrain serving = new SerialDrain(this::serve);
    private final AtomicLong handed = new AtomicLong(); // to the stream
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile @Nullable FluxSink<ByteBuffer> source;

    RouteLink(Route route, PeerSession session, PeerStream stream, BiConsumer<RouteLink, @Nullable RouteLoss> onEnd) {
        this.route = route;
        this.session = session;
        this.stream = stream;
        this.onEnd = onEnd;
    }

    Route route() {
        return route;
    }

    PeerSession session() {
        return session;
    }

    /** Opens the sending half; once. */
    void open() {
        if (!opened.compareAndSet(false, true)) {
            return;
        }
        Flux<ByteBuffer> payloads = Flux.<ByteBuffer>create(sink -> {
                    source = sink;
                    sink.onRequest(this::requested);
                    if (over.get()) {
                        sink.complete();
                    }
                })
                .doOnNext(payload -> handed.incrementAndGet());
        session.onDrain().subscribe(null, e -> {}, this::finish);
        stream.send(payloads, Codec.buffers()).subscribe(null, e -> ended(false), () -> ended(true));
    }

    /** Ends it with its route: both halves are reset. */
    void reset() {
        stream.dispose();
        ended(false);
    }

    /** Whether its end has been told, or is about to be. */
    boolean hasEnded() {
        return told.get();
    }

    // ---- receiving

    /** Whether this is the first to take what it receives. */
    boolean offer() {
        return offered.compareAndSet(false, true);
    }

    /** Its end, whatever it is, ends this alone. */
    Flux<Routed> receive() {
        return stream.receive(Codec.buffers())
                .map(payload -> new Routed(route.target(), route.peer(), payload))
                .onErrorComplete();
    }

    // ---- sending

    TrySend trySend(ByteBuffer payload) {
        if (over.get()) {
            return TrySend.NOT_CONNECTED;
        }
        if (waitingCount.get() > 0 || !takeDemand()) {
            return TrySend.BACKPRESSURE;
        }
        return emit(payload) ? TrySend.OK : TrySend.NOT_CONNECTED;
    }

    Mono<Void> send(ByteBuffer payload) {
        return Mono.create(sink -> {
            if (waitingCount.incrementAndGet() > Routes.MAX_WAITING) {
                waitingCount.decrementAndGet();
                sink.error(notSent(ErrorCode.TOO_MANY_REQUESTS));
                return;
            }
            Waiting one = new Waiting(payload, sink);
            sink.onCancel(() -> {
                if (waiting.remove(one)) {
                    waitingCount.decrementAndGet();
                }
            });
            waiting.add(one);
            serving.drain();
        });
    }

    private void requested(long n) {
        demand.accumulateAndGet(n, Operators::addCap);
        serving.drain();
    }

    /** Serialised: all who wait, in the order of their coming. */
    private void serve() {
        while (!waiting.isEmpty() && (over.get() || takeDemand())) {
            settle(waiting.poll());
        }
    }

    private void settle(@Nullable Waiting next) {
        if (next == null) { // cancelled just now
            demand.accumulateAndGet(1, Operators::addCap);
            return;
        }
        waitingCount.decrementAndGet();
        if (!over.get() && emit(next.payload())) {
            next.sink().success();
        } else {
            next.sink().error(notSent(ErrorCode.LINK_LOST));
        }
    }

    private boolean takeDemand() {
        return demand.getAndUpdate(n -> n == 0 || n == Long.MAX_VALUE ? n : n - 1) > 0;
    }

    /** Counts before it looks whether it is over, so that what slips in just then is in the count of the end. */
    private boolean emit(ByteBuffer payload) {
        accepted.incrementAndGet();
        FluxSink<ByteBuffer> sink = source;
        if (over.get() || sink == null) {
            accepted.decrementAndGet();
            return false;
        }
        leastCost.accumulateAndGet(ELEMENT_COST + payload.remaining(), Math::min);
        sink.next(payload);
        return true;
    }

    // ---- ends

    /** The session drains: nothing more is accepted, what was accepted goes out. */
    private void finish() {
        over.set(true);
        serving.drain();
        FluxSink<ByteBuffer> sink = source;
        if (sink != null) {
            sink.complete();
        }
        if (offer()) {
            refuse();
        }
    }

    /** Nobody takes what the peer sends, so that it need not wait. */
    void refuse() {
        stream.receive(Codec.buffers()).subscribe(payload -> {}, e -> {}).dispose();
    }

    private void ended(boolean allTaken) {
        over.set(true);
        serving.drain();
        if (told.compareAndSet(false, true)) {
            long unconfirmed = unconfirmed(allTaken);
            onEnd.accept(
                    this,
                    unconfirmed == 0
                            ? null
                            : new RouteLoss(route.target(), route.peer(), session.id(), accepted.get(), unconfirmed));
        }
    }

    /**
     * What was accepted and not sent, and as many of the sent as may hide in the cost for which the peer has not given
     * credit back.
     */
    private long unconfirmed(boolean allTaken) {
        long all = accepted.get();
        if (allTaken || all == 0) {
            return all - handed.get();
        }
        StreamStats stats = stream.stats();
        long outstanding = Math.max(0, stats.txWindow() - stats.txCreditRemaining());
        long hidden = (outstanding + leastCost.get() - 1) / leastCost.get();
        return Math.min(all, Math.max(0, all - stats.txSeq()) + Math.min(hidden, stats.txSeq()));
    }

    private WeirException notSent(ErrorCode code) {
        return new MessageNotSentException(CloseReason.local(code))
                .about(route.target() + ", peer " + session.peer() + ", session " + session.id());
    }

    /** A send that waits for credit. */
    private record Waiting(ByteBuffer payload, MonoSink<Void> sink) {
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
