package io.weir.reactive.session;

import io.weir.core.credit.MemoryBudget;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.schedule.DeficitRoundRobin;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamEpoch;
import io.weir.core.stream.StreamId;
import io.weir.core.stream.StreamTable;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameWriter;
import io.weir.reactive.OpenStats;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.fault.Barrier;
import io.weir.reactive.fault.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.util.context.Context;

/**
 * All streams of a session: hosts the core's {@link StreamTable} and the ring of half-streams that have something to
 * send, runs handlers, keeps unclaimed streams and evicts idle ones. Loop-confined but for {@link #bind}.
 */
final class Streams implements StreamTable.Host {

    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

    /** Cost that a stream of weight 1 may send before the next one's turn. */
    private static final int QUANTUM = 8 * 1024;

    private static final int MAX_UNCLAIMED = 16;
    private static final long UNCLAIMED_NANOS = Duration.ofSeconds(10).toNanos();

    /** A stream that waits to be opened is told of after the open time-out divided by this. */
    private static final int WAITS_BEFORE_TOLD = 10;

    private final Session session;
    private final SessionSettings settings;
    private final StreamTable table;
    private final DeficitRoundRobin<FrameWriter> ring = new DeficitRoundRobin<>(QUANTUM);
    private final Map<StreamId, LiveStream> live = new ConcurrentHashMap<>();
    private final Set<LiveStream> unclaimed = new LinkedHashSet<>();

    /** Streams that are being closed, of which some live on at the peer only. */
    private final Set<StreamClose> closing = new LinkedHashSet<>();

    private final List<FluxSink<PeerStream>> observers = new ArrayList<>();
    private final SessionPayloads payloads;
    private final MemoryWait memoryWait;
    private final OpenWaits openWaits;
    private volatile long opensTimedOut; // written on the loop only

    Streams(Session session, SessionSettings settings, MemoryBudget budget, MemoryWait memoryWait) {
        this.session = session;
        this.settings = settings;
        openWaits = new OpenWaits(session, settings.limits().openTimeout(), LOG);
        payloads = new SessionPayloads(
                session,
                settings.payloads(),
                maxPayloadBytes(settings),
                settings.limits().silenceLimit().toNanos());
        this.memoryWait = memoryWait;
        table = new StreamTable(
                new StreamTable.Settings(
                                settings.initialWindowBytes(),
                                settings.limits().maxStreams(),
                                maxPayloadBytes(settings))
                        .withFreeWindow(settings.limits().initialWindowBytes()),
                budget,
                this);
    }

    private static long maxPayloadBytes(SessionSettings settings) {
        return Math.min(settings.limits().maxPayloadBytes(), settings.limits().nodeBudgetBytes() / 2);
    }

    StreamTable table() {
        return table;
    }

    /** What this side announces of streams and of itself. */
    Frame.Hello ownHello(SessionSettings s) {
        return Frame.Hello.defaults()
                .withInitialWindow(s.initialWindowBytes())
                .withOpenLimit(table.openLimit())
                .withMaxPayloadBytes(maxPayloadBytes(s))
                .withSilenceLimitMillis(s.limits().silenceLimit().toMillis())
                .withIncarnation(s.incarnation());
    }

    // ---- sending

    void writeControl(FrameWriter record) {
        table.writeControl(record);
    }

    /** Whether a half has, or may have, elements to write. */
    boolean hasData() {
        return !ring.isEmpty();
    }

    void fill(FrameWriter record) {
        if (!record.isFull()) {
            ring.fill(record);
            if (table.hasControl()) {
                // a CLOSE belongs right behind its last element
                table.writeControl(record);
            }
        }
    }

    void activate(OutboundHalf half) {
        ring.activate(half);
    }

    void deactivate(OutboundHalf half) {
        ring.remove(half);
    }

    // ---- life of streams

    /**
     * Binds a handle, unless it is bound already, to the live stream of this id, or to a new one that its first use will
     * open. Any thread.
     */
    LiveStream bind(StreamId id, StreamOpen open, StreamConfig config, AtomicReference<@Nullable LiveStream> handle) {
        live.compute(id, (same, current) -> {
            LiveStream joined = current != null && current.isJoinable()
                    ? current
                    : new LiveStream(session, id, open, config).after(current);
            // in here, so that no stream stays behind that nobody will use
            return handle.compareAndSet(null, joined) ? joined : current;
        });
        LiveStream bound = Objects.requireNonNull(handle.get());
        if (!bound.config().equals(config)) {
            if (bound.isUnclaimed()) {
                bound.adopt(config);
            } else {
                LOG.warn(
                        "Stream {} of {} is open already; its config {} stays, not {}",
                        id,
                        session,
                        bound.config(),
                        config);
            }
        }
        return bound;
    }

    /**
     * The peer has not heard of this stream, and nobody uses it: the id is free again, or that of the one before it, which
     * lives on.
     */
    void onGivenUp(LiveStream stream, @Nullable LiveStream before) {
        live.computeIfPresent(stream.id, (id, current) -> current == stream ? before : current);
    }

    /** Another use of a stream that was given up: false if its id has become another one's meanwhile. */
    boolean takeUpAgain(LiveStream stream) {
        return live.compute(stream.id, (id, current) -> current == null || current.isOver() ? stream : current)
                == stream;
    }

    /** Ids that are bound, for leak checks. Any thread. */
    int bound() {
        return live.size();
    }

    void onStreamOver(LiveStream stream) {
        live.remove(stream.id, stream);
        unclaimed.remove(stream);
        payloads.drain();
    }

    void onSessionEnd(CloseReason reason) {
        payloads.onSessionEnd();
        table.onSessionClosed();
        for (LiveStream stream : List.copyOf(live.values())) {
            stream.onSessionEnd(reason);
        }
        List.copyOf(closing).forEach(close -> close.onSessionEnd(new SessionClosedException(reason)));
        unclaimed.clear();
        List.copyOf(observers).forEach(FluxSink::complete);
        payloads.drain();
    }

    /** This close waits for the peer. */
    void onClosing(StreamClose close) {
        closing.add(close);
    }

    void onClosed(StreamClose close) {
        closing.remove(close);
    }

    void watchIdle(LiveStream stream) {
        long timeoutNanos = stream.config().idleTimeout().toNanos();
        if (timeoutNanos > 0) {
            stream.expires(
                    session.timers().at(session.tickNanos() + timeoutNanos, () -> checkIdle(stream, timeoutNanos)));
        }
    }

    /** Says that a stream waits for the peer to allow it, when it has for a tenth of the time-out, and then gives it up. */
    void watchOpen(LiveStream stream) {
        long now = session.nowNanos();
        long timeoutNanos = settings.limits().openTimeout().toNanos();
        stream.opensBy(session.timers().at(now + timeoutNanos / WAITS_BEFORE_TOLD, () -> {
            if (stream.waitsToOpen()) {
                openWaits.tell(stream, openStats());
                stream.opensBy(session.timers().at(now + timeoutNanos, () -> onOpenTimeout(stream)));
            }
        }));
    }

    private void onOpenTimeout(LiveStream stream) {
        if (stream.waitsToOpen()) {
            opensTimedOut++;
            stream.abort(ErrorCode.STREAM_LIMIT);
        }
    }

    /** Any thread. */
    OpenStats openStats() {
        return new OpenStats(table.openHalves(), table.waitingOpens(), opensTimedOut);
    }

    private void checkIdle(LiveStream stream, long timeoutNanos) {
        if (stream.isOver()) {
            return;
        }
        long now = session.nowNanos();
        long idleSince = stream.isIdle() ? stream.lastActivityNanos() : now;
        if (now - idleSince >= timeoutNanos) {
            stream.abort(ErrorCode.IDLE_TIMEOUT);
        } else {
            stream.expires(session.timers().at(idleSince + timeoutNanos, () -> checkIdle(stream, timeoutNanos)));
        }
    }

    // ---- streams that the peer opens

    @Override
    public void onIncoming(StreamEpoch epoch) {
        Handlers.ForStream handler = settings.handlers().streams().get(epoch.name());
        LiveStream offered = new LiveStream(
                session, epoch.id(), new StreamOpen(epoch.name(), epoch.headers()), configFor(epoch, handler));
        LiveStream stream = Objects.requireNonNull(live.compute(
                epoch.id(),
                (id, bound) ->
                        bound != null && !bound.isOver() && !bound.isActivated() ? bound : offered.after(bound)));
        stream.offered(epoch);
        if (stream != offered) {
            // bound here by a use that has not reached the loop yet: both sides opened it
            stream.activate();
        } else if (handler == null && !mayWait(epoch)) {
            stream.refuse(ErrorCode.REFUSED);
        } else if (handler != null) {
            stream.activate();
            run(handler, stream);
        } else {
            offer(stream);
        }
    }

    /** Whether somebody may still claim a stream that no handler takes. */
    private boolean mayWait(StreamEpoch epoch) {
        boolean wanted = !epoch.handlerOnly() || !observers.isEmpty();
        return wanted && unclaimed.size() < MAX_UNCLAIMED;
    }

    private static StreamConfig configFor(StreamEpoch epoch, Handlers.@Nullable ForStream handler) {
        StreamConfig declared = handler == null ? null : handler.config();
        if (declared != null) {
            return declared;
        }
        return epoch.peerReliable() ? StreamConfig.reliable() : StreamConfig.fireAndForget();
    }

    private static void run(Handlers.ForStream handler, LiveStream stream) {
        StreamHandle handle = new StreamHandle(stream);
        stream.onHandled();
        // not cancelled with the stream: what the handler does behind its last element is its own to finish
        Fault.defer("the handler", () -> handler.handler().handle(handle))
                .subscribe(
                        null,
                        e -> {
                            stream.onHandlerFailed(e);
                            if (Fault.isFatal(e)) {
                                stream.session.thrown(e, Context.empty());
                            }
                            stream.session.run(() -> stream.fail(Feed.codeOf(e)));
                        },
                        () -> stream.session.run(stream::onHandlerDone));
    }

    private void offer(LiveStream stream) {
        unclaimed.add(stream);
        stream.expires(session.timers().at(session.nowNanos() + UNCLAIMED_NANOS, () -> {
            if (stream.isUnclaimed()) {
                stream.refuse(ErrorCode.UNCLAIMED);
            }
        }));
        StreamHandle handle = new StreamHandle(stream);
        List.copyOf(observers).forEach(observer -> observer.next(handle));
    }

    /** A stream that waited has been used. */
    void onClaimed(LiveStream stream) {
        unclaimed.remove(stream);
    }

    /** Those that wait, then each new one. Any thread. */
    Flux<PeerStream> unclaimed() {
        return Barrier.flux(
                Flux.<PeerStream>create(sink -> session.run(() -> observe(sink)), FluxSink.OverflowStrategy.IGNORE)
                        .onBackpressureBuffer(MAX_UNCLAIMED, late -> {}, BufferOverflowStrategy.DROP_OLDEST),
                session::thrown);
    }

    private void observe(FluxSink<PeerStream> sink) {
        if (session.closeReason() != null) {
            sink.complete();
            return;
        }
        observers.add(sink);
        sink.onDispose(() -> session.run(() -> observers.remove(sink)));
        for (LiveStream stream : List.copyOf(unclaimed)) {
            sink.next(new StreamHandle(stream));
        }
    }

    @Override
    public void onWithdrawn(StreamEpoch epoch) {
        LiveStream stream = live.get(epoch.id());
        if (stream != null && stream.epoch() == epoch) {
            stream.withdrawn();
        }
    }

    // ---- what the core asks

    @Override
    public void onMemoryShort() {
        memoryWait.begin();
    }

    @Override
    public void onControlPending() {
        session.wake();
    }

    @Override
    public long nowNanos() {
        return session.nowNanos();
    }

    @Override
    public long hashSeed() {
        return settings.hashSeed();
    }

    @Override
    public long rttNanos() {
        return session.rttNanos();
    }

    @Override
    public boolean reservePayload(StreamEpoch epoch, long bytes) {
        return payloads.reserve(epoch, bytes);
    }

    /** The payload that waits for this epoch is no longer wanted. */
    void cancelPayload(StreamEpoch epoch) {
        payloads.cancel(epoch);
    }

    @Override
    public void releasePayload(StreamEpoch epoch, long bytes) {
        payloads.release(epoch, bytes);
    }
}
