package io.weir.reactive.session.stream;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamEpoch;
import io.weir.core.stream.StreamHost;
import io.weir.core.stream.StreamId;
import io.weir.core.stream.StreamSettings;
import io.weir.core.stream.StreamTable;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Hello;
import io.weir.reactive.Interaction;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.NodeStats.Traffic;
import io.weir.reactive.OpenStats;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.session.dispatch.Interceptors;
import io.weir.reactive.session.dispatch.Seen;
import io.weir.reactive.session.dispatch.SessionDispatch;
import io.weir.reactive.session.loop.SessionContext;
import io.weir.reactive.session.memory.PayloadReservations;
import io.weir.reactive.session.memory.SessionMemory;
import io.weir.reactive.session.memory.SessionPayloads;
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
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

/**
 * All streams of a session: hosts the core's {@link StreamTable}, knows which stream an id means now, and runs the handlers
 * of those that the peer opens. Loop-confined but for {@link #bind}.
 *
 * <p>What becomes of an OPEN of the peer:
 *
 * <pre>
 *   OPEN --- id bound here, its first use on its way ---> joined: both sides opened it
 *     +---- a handler is declared for the name, and
 *     |       a place for it is free -------------------> accepted, handler runs
 *     |       none is ----------------------------------> STOP(BUSY)
 *     +---- none, and somebody may claim it ------------> waits ---claimed---> accepted
 *     |                                                     +-----10 s-------> STOP(UNCLAIMED)
 *     +---- none, and nobody may -----------------------> STOP(REFUSED)
 * </pre>
 */
public final class Streams implements StreamHost {

    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

    private final SessionContext session;
    private final SessionMemory memory;
    private final Map<String, DeclaredStream> handlers;
    private final SessionDispatch dispatch;
    private final long initialWindowBytes;
    private final StreamTable table;
    private final SendWaits sendWaits;
    private final StreamDeadlines deadlines;
    private final UnclaimedStreams unclaimed;
    private final SessionPayloads payloads;
    private final Map<StreamId, LiveStream> live = new ConcurrentHashMap<>();

    /** Elements of streams that are over; written on the loop. */
    private volatile Traffic over = Traffic.NONE;

    /** Streams that are being closed, of which some live on at the peer only. */
    private final Set<StreamClose> closing = new LinkedHashSet<>();

    /**
     * @param payloads the node's queue of large payloads that wait for memory
     * @param initialWindowBytes the window of each stream that the peer opens, until it is claimed
     * @param dispatch calls the handlers
     * @param handlers by the name under which the peer opens a stream
     */
    public Streams(
            SessionContext session,
            SessionMemory memory,
            PayloadReservations payloads,
            long initialWindowBytes,
            SessionDispatch dispatch,
            Map<String, DeclaredStream> handlers) {
        this.session = session;
        this.memory = memory;
        this.handlers = handlers;
        this.dispatch = dispatch;
        this.initialWindowBytes = initialWindowBytes;
        this.payloads = new SessionPayloads(
                session,
                payloads,
                maxPayloadBytes(),
                session.limits().silenceLimit().toNanos());
        table = new StreamTable(
                new StreamSettings(initialWindowBytes, session.limits().maxStreams(), maxPayloadBytes())
                        .withMaxOpened(session.limits().maxOpenedStreams())
                        .withFreeWindow(session.limits().initialWindowBytes())
                        .withOrder(session.order()),
                memory.received(),
                this);
        sendWaits = new SendWaits(session, memory, session.path().recordBytes());
        deadlines = new StreamDeadlines(session, table);
        unclaimed = new UnclaimedStreams(session);
        memory.onFreedToReceive(table::onMemoryFreed);
    }

    private long maxPayloadBytes() {
        NodeLimits limits = session.limits();
        return Math.min(limits.maxPayloadBytes(), limits.nodeBudgetBytes() / 2);
    }

    /** What this side announces of streams. */
    public Hello announce(Hello hello) {
        return hello.withInitialWindow(initialWindowBytes)
                .withOpenLimit(table.openLimit())
                .withMaxPayloadBytes(maxPayloadBytes());
    }

    // ---- for the parts

    SessionContext session() {
        return session;
    }

    public StreamTable table() {
        return table;
    }

    SendWaits sendWaits() {
        return sendWaits;
    }

    StreamDeadlines deadlines() {
        return deadlines;
    }

    // ---- sending

    public void writeControl(FrameWriter record) {
        table.writeControl(record);
    }

    /** Writes what has become due while halves were served: a CLOSE belongs right behind its last element. */
    public void writeEnds(FrameWriter record) {
        if (table.hasControl()) {
            table.writeControl(record);
        }
    }

    /** What was asked for is written: whoever has had no turn waits. */
    public void onFilled() {
        sendWaits.onFilled();
    }

    // ---- life of streams

    /** A stream that its first use will open; which one it is, if the id is in use already, is known then. Any thread. */
    public PeerStream handle(StreamId id, StreamOpen open, StreamConfig config) {
        return new StreamHandle(this, id, open, config, !dispatch.interceptors().isEmpty());
    }

    /** The same for what the node's interceptors see as a whole. Any thread. */
    PeerStream unseenHandle(StreamId id, StreamOpen open, StreamConfig config) {
        return new StreamHandle(this, id, open, config, false);
    }

    /** A new stream that only receives; its id is nobody else's. Any thread. */
    LiveStream receiving(StreamId id, StreamOpen open, StreamConfig config) {
        LiveStream stream = new LiveStream(this, id, open, config);
        stream.outbound.closeGracefully(); // CLOSE follows OPEN
        live.put(id, stream);
        return stream;
    }

    /** Who sees what begins. Any thread. */
    Interceptors interceptors() {
        return dispatch.interceptors();
    }

    /**
     * Binds a handle, unless it is bound already, to the live stream of this id, or to a new one that its first use will
     * open. Any thread.
     */
    LiveStream bind(StreamId id, StreamOpen open, StreamConfig config, AtomicReference<@Nullable LiveStream> handle) {
        return bind(id, open, config, handle, null);
    }

    /** The same; a new one is opened as the interceptors of the node want it, who are asked in here. Any thread. */
    LiveStream bindSeen(
            StreamId id,
            StreamOpen open,
            StreamConfig config,
            AtomicReference<@Nullable LiveStream> handle,
            Context context) {
        live.computeIfPresent(id, (same, current) -> {
            if (current.isJoinable()) {
                handle.compareAndSet(null, current);
            }
            return current;
        });
        if (handle.get() != null) {
            return bind(id, open, config, handle, null);
        }
        Seen seen = dispatch.interceptors()
                .see(Interaction.Kind.STREAM, false, session.peerSession(), open.name(), open.headers(), context);
        LiveStream bound = bind(id, open.withHeaders(seen.headers()), config, handle, seen);
        if (!bound.isSeenAs(seen)) {
            seen.cancelled(); // another use of the id, or of the handle, came before
        }
        return bound;
    }

    private LiveStream bind(
            StreamId id,
            StreamOpen open,
            StreamConfig config,
            AtomicReference<@Nullable LiveStream> handle,
            @Nullable Seen seen) {
        live.compute(id, (same, current) -> {
            LiveStream joined = current != null && current.isJoinable()
                    ? current
                    : new LiveStream(this, id, open, config).seenAs(seen).after(current);
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
    public int bound() {
        return live.size();
    }

    void onStreamOver(LiveStream stream) {
        live.remove(stream.id, stream);
        over = over.plus(
                stream.elements()); // behind that: whoever adds up meanwhile may miss it, and never counts it twice
        unclaimed.remove(stream);
        payloads.drain();
    }

    /** Elements and their payloads, those of streams that are over included; records are not in it. Any thread. */
    public Traffic elements() {
        Traffic sum = over;
        for (LiveStream stream : live.values()) {
            sum = sum.plus(stream.elements());
        }
        return sum;
    }

    public void onSessionEnd(CloseReason reason) {
        payloads.onSessionEnd();
        table.onSessionClosed();
        for (LiveStream stream : List.copyOf(live.values())) {
            stream.onSessionEnd(reason);
        }
        List.copyOf(closing).forEach(close -> close.onSessionEnd(new SessionClosedException(reason)));
        unclaimed.onSessionEnd();
        payloads.drain();
    }

    /** This close waits for the peer. */
    void onClosing(StreamClose close) {
        closing.add(close);
    }

    void onClosed(StreamClose close) {
        closing.remove(close);
    }

    /** Any thread. */
    public OpenStats openStats() {
        return deadlines.openStats();
    }

    // ---- streams that the peer opens

    @Override
    public void onIncoming(StreamEpoch epoch) {
        DeclaredStream handler = handlers.get(epoch.name());
        LiveStream offered = new LiveStream(
                this, epoch.id(), new StreamOpen(epoch.name(), epoch.headers()), configFor(epoch, handler));
        LiveStream stream = Objects.requireNonNull(live.compute(
                epoch.id(),
                (id, bound) ->
                        bound != null && !bound.isOver() && !bound.isActivated() ? bound : offered.after(bound)));
        stream.offered(epoch);
        if (stream != offered) {
            stream.activate(); // bound here by a use that has not reached the loop yet: both sides opened it
        } else if (handler != null && !dispatch.tryTake()) {
            refuse(stream, ErrorCode.BUSY);
        } else if (handler != null) {
            stream.activate();
            new StreamWork(stream, dispatch, handler.handler()).start();
        } else if (unclaimed.mayWait(epoch)) {
            unclaimed.offer(stream);
        } else {
            refuse(stream, ErrorCode.REFUSED);
        }
    }

    /** Turns a stream of the peer away that nothing was done with. */
    void refuse(LiveStream stream, ErrorCode why) {
        stream.ends.refuse(why);
        session.refused(Interaction.Kind.STREAM, why);
    }

    private static StreamConfig configFor(StreamEpoch epoch, @Nullable DeclaredStream handler) {
        StreamConfig declared = handler == null ? null : handler.config();
        if (declared != null) {
            return declared;
        }
        return epoch.peerReliable() ? StreamConfig.reliable() : StreamConfig.fireAndForget();
    }

    /** A stream that waited has been used. */
    void onClaimed(LiveStream stream) {
        unclaimed.remove(stream);
    }

    /** Streams that no handler takes: those that wait, then each new one. Any thread. */
    public Flux<PeerStream> unclaimed() {
        return unclaimed.flux();
    }

    @Override
    public void onWithdrawn(StreamEpoch epoch) {
        LiveStream stream = live.get(epoch.id());
        if (stream != null && stream.epoch() == epoch) {
            stream.ends.withdrawn();
        }
    }

    // ---- what the core asks

    @Override
    public void onMemoryShort() {
        memory.awaitToReceive();
    }

    @Override
    public void onGranted(StreamEpoch epoch, long bytes) {
        NodeObserver observer = session.observer();
        if (observer != null) {
            observer.onCreditGiven(session.peerSession(), epoch.id(), bytes);
        }
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
        return session.hashSeed();
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
