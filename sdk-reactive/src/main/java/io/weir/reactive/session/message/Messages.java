package io.weir.reactive.session.message;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.message.IncomingMessage;
import io.weir.core.message.IncomingRequest;
import io.weir.core.message.KeptPayload;
import io.weir.core.message.MessageHost;
import io.weir.core.message.MessageSettings;
import io.weir.core.message.MessageTable;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Hello;
import io.weir.reactive.Interaction;
import io.weir.reactive.Message;
import io.weir.reactive.MessageHandler;
import io.weir.reactive.MessageStats;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.session.dispatch.SessionDispatch;
import io.weir.reactive.session.loop.ForeignCalls;
import io.weir.reactive.session.loop.SessionContext;
import io.weir.reactive.session.loop.TimeLimits;
import io.weir.reactive.session.memory.SendMemory;
import io.weir.reactive.session.memory.SessionMemory;
import io.weir.reactive.session.memory.TurnPool;
import io.weir.reactive.transport.Lanes;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * All messages of a session: hosts the core's {@link MessageTable} and gives the peer's requests and one-way messages to
 * their handlers; those of this side are made by {@link Requests}. Loop-confined but for what says otherwise.
 *
 * <p>The table is made for this side's HELLO, which promises the windows: a peer that is not admitted costs
 * nothing, and no message may come or go before.
 */
public final class Messages implements MessageHost {

    private static final int FRAGMENT_BYTES = 16 * 1024;

    private final SessionContext session;
    private final SessionMemory memory;
    private final Map<String, RequestHandler> requestHandlers;
    private final Map<String, MessageHandler> messageHandlers;
    private final MessageWindows windows;
    private final Requests requests;
    private final OneWays oneWays;
    private final SessionDispatch dispatch;
    private final TimeLimits handling;
    private final RequestNews news;
    private final TurnPool requestMemory;
    private final TurnPool replyMemory;
    private @Nullable MessageTable table;
    private long handled; // requests of the peer

    /**
     * @param dispatch calls the handlers
     * @param requestHandlers by the route that the peer asks for
     * @param messageHandlers by the name of a one-way message
     */
    public Messages(
            SessionContext session,
            SessionMemory memory,
            SessionDispatch dispatch,
            Map<String, RequestHandler> requestHandlers,
            Map<String, MessageHandler> messageHandlers) {
        this.session = session;
        this.memory = memory;
        this.requestHandlers = requestHandlers;
        this.messageHandlers = messageHandlers;
        windows = new MessageWindows(session.limits(), memory);
        this.dispatch = dispatch;
        handling = new TimeLimits(session.timers());
        news = new RequestNews(session);
        requestMemory = memory.unsent().forRequests();
        replyMemory = memory.unsent().forReplies();
        requests = new Requests(this, session, dispatch.interceptors());
        oneWays = new OneWays(session, memory, dispatch, messageHandlers);
        dispatch.onPlace(this::onPlaceFree);
        memory.onFreedToReceive(this::onMemoryFreed);
    }

    // ---- HELLO

    /** This side agrees to the session: reserves the windows, before streams take what is left. */
    public void open(@Nullable Hello peers) {
        windows.reserve();
        MessageTable made = new MessageTable(
                new MessageSettings(
                                windows.requests(),
                                windows.replies(),
                                session.limits().maxRequestsOutstanding(),
                                session.limits().sessionSendBudgetBytes(),
                                FRAGMENT_BYTES)
                        .withLargest(windows.largestRequest(), windows.largestReply())
                        .withOrder(session.order()),
                memory.received(),
                requestMemory,
                replyMemory,
                this);
        table = made;
        if (peers != null) {
            made.onPeerHello(peers);
        }
    }

    /** What this side announces. */
    public Hello announce(Hello hello) {
        return hello.withRequestWindow(windows.requests())
                .withReplyWindow(windows.replies())
                .withLargestRequest(windows.largestRequest())
                .withLargestReply(windows.largestReply());
    }

    public void onPeerHello(Hello hello) {
        if (table != null) {
            table.onPeerHello(hello);
        }
    }

    // ---- records

    /** To be called for every record: the table wakes again only once it has been asked and had nothing. */
    public void writeControl(FrameWriter record) {
        if (table != null) {
            table.writeControl(record);
        }
    }

    /** Writes messages until the record has that many bytes; none if it has them already. */
    public void write(FrameWriter record, int upToPosition) {
        MessageTable known = table;
        if (known == null) {
            return;
        }
        memoryTurnBegins();
        try {
            known.write(record, upToPosition);
        } finally {
            memoryTurnEnds();
        }
    }

    /** Writes one packet: the lane that it belongs to, or {@link Lanes#NONE}. */
    public long writeOne(FrameWriter out) {
        return table == null ? Lanes.NONE : table.writeOne(out);
    }

    /** As {@link Lanes#mayFollow}. */
    public boolean mayFollow(long lane) {
        return table != null && table.mayFollow(lane);
    }

    @Override
    public void onMessagesPending() {
        session.wake();
    }

    /** Gives up memory that nothing under way needs. */
    public void trim() {
        if (table != null) {
            table.trim();
        }
    }

    public void onSessionEnd(CloseReason reason) {
        if (table != null) {
            table.close(reason);
        }
        onTurnEnds(); // what it told of
        requests.onSessionEnd();
        oneWays.onSessionEnd();
        windows.release();
    }

    // ---- turns

    /** A record is about to be dealt with. */
    public void onTurnBegins() {
        memoryTurnBegins();
        news.turnBegins();
    }

    /** It has been. */
    public void onTurnEnds() {
        memoryTurnEnds();
        news.turnEnds();
    }

    private void memoryTurnBegins() {
        requestMemory.turnBegins();
        replyMemory.turnBegins();
    }

    private void memoryTurnEnds() {
        requestMemory.turnEnds();
        replyMemory.turnEnds();
    }

    // ---- memory

    @Override
    public void onMemoryShort() {
        memory.awaitToReceive();
    }

    private void onMemoryFreed() {
        if (table != null) {
            table.onMemoryFreed();
        }
    }

    // ---- draining

    /** Takes nothing new of the peer, and sends nothing new; returns the last id taken, 0 if none. */
    public long goAway() {
        return table == null ? 0 : table.goAway();
    }

    /** The peer takes nothing new: what it has not taken fails. */
    @Nullable
    public ErrorCode onPeerGoaway(long lastId) {
        return table == null ? null : table.onPeerGoaway(lastId);
    }

    /** Requests without an answer, of both sides. */
    public int unfinished() {
        return table == null ? 0 : table.outstanding() + table.inFlight();
    }

    /** Whether nothing is asked, answered, handled or unwritten, either way. */
    public boolean isIdle() {
        return (table == null || table.isIdle()) && oneWays.running() == 0;
    }

    // ---- the peer's

    @Override
    public long hashSeed() {
        return session.hashSeed();
    }

    @Override
    public @Nullable ErrorCode admitRequest(String route) {
        if (requestHandlers.containsKey(route) && dispatch.tryTake()) {
            return null;
        }
        ErrorCode why = requestHandlers.containsKey(route) ? ErrorCode.BUSY : ErrorCode.NO_HANDLER;
        session.refused(Interaction.Kind.REQUEST, why);
        return why;
    }

    @Override
    public boolean needsPlace(String name) {
        return messageHandlers.containsKey(name);
    }

    @Override
    public boolean tryPlace() {
        return dispatch.tryTakeOrAwait();
    }

    @Override
    public long nowNanos() {
        return session.tickNanos();
    }

    private void onPlaceFree() {
        if (table != null) {
            table.onPlaceFree();
        }
    }

    @Override
    public void onRequest(IncomingRequest incoming) {
        new Answer(this, dispatch, incoming).begin();
    }

    @Override
    public void onOneWay(IncomingMessage incoming) {
        session.used();
        if (!oneWays.wants(incoming.name())) {
            oneWays.drop(incoming);
            session.refused(Interaction.Kind.MESSAGE, ErrorCode.NO_HANDLER);
            return;
        }
        int length = incoming.length();
        byte[] kept = KeptPayload.in(incoming.array(), incoming.offset(), length);
        ByteBuffer payload = ByteBuffer.wrap(kept, kept == incoming.array() ? incoming.offset() : 0, length);
        oneWays.take(
                incoming,
                new Message(
                        session.peerSession(),
                        incoming.name(),
                        incoming.headers(),
                        payload.slice().asReadOnlyBuffer()));
    }

    /** The handler of a request that was admitted. */
    RequestHandler handler(String route) {
        return Objects.requireNonNull(requestHandlers.get(route), "it was admitted");
    }

    /** The time limits of handlers that run. */
    TimeLimits handling() {
        return handling;
    }

    /** A request of the peer that a handler has taken is answered, or was given up. */
    void onRequestHandled() {
        handled++;
    }

    // ---- for the parts

    SessionContext session() {
        return session;
    }

    ForeignCalls calls() {
        return dispatch.calls();
    }

    /** Whom to tell how requests end. */
    RequestNews news() {
        return news;
    }

    /** What this side has accepted and not yet written. */
    SendMemory unsent() {
        return memory.unsent();
    }

    /** Null before this side's HELLO. */
    public @Nullable MessageTable table() {
        return table;
    }

    // ---- any thread

    public Requests requests() {
        return requests;
    }

    /** One-way messages that no handler takes. */
    public Flux<Message> unhandled() {
        return oneWays.unhandled();
    }

    /** A weakly consistent snapshot. */
    public MessageStats stats() {
        MessageTable t = table;
        return t == null
                ? new MessageStats(0, 0, 0, 0, 0, requests.replied(), requests.failed(), handled)
                : new MessageStats(
                        t.outstanding(),
                        t.inFlight(),
                        oneWays.running() + t.waitingOneWays(),
                        oneWays.dropped() + t.dropped(),
                        t.duplicates(),
                        requests.replied(),
                        requests.failed(),
                        handled);
    }
}
