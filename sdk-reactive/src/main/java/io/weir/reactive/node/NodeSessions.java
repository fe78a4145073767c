package io.weir.reactive.node;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.reactive.NodeStats.Moves;
import io.weir.reactive.NodeStats.Traffic;
import io.weir.reactive.NodeStats.Way;
import io.weir.reactive.session.Session;
import io.weir.reactive.session.setup.Contender;
import io.weir.reactive.session.setup.SetupHost;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a node, the places for more, and their part in its end. Sessions live on their links' loops, which may be
 * several threads.
 *
 * <pre>
 *   taking --leave()--&gt; leaving: nothing new is taken or begun --close()--&gt; closing: nor does anything go on
 * </pre>
 *
 * <p>A session that becomes ready behind either step is drained or closed as those that were live at that time: it is first
 * put among the live ones, and then asks how far the node is. Thread safe.
 */
final class NodeSessions implements SetupHost {

    /** Hears of sessions, on their loops. */
    interface Listener {
        /** It is the session with its peer, and whoever waits for that one can have it. */
        void onPrevailed(Session session);

        /** It has ended; nobody has been told yet. */
        void onEnded(Session session);
    }

    private final int most;
    private final ConnectionTally tally;
    private final Contests contests;
    private final SessionNews news;
    private final Unfinished unfinished;
    private final Listener listener;
    private final Map<Long, Session> live = new ConcurrentHashMap<>();
    private final AtomicInteger places = new AtomicInteger(); // taken by live sessions and by promised ones
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final LongAdder followed = new LongAdder();
    private final LongAdder unproven = new LongAdder();
    private volatile Duration drainWithin = Duration.ZERO;

    /** Of sessions that have ended. */
    private final AtomicReference<Traffic> over = new AtomicReference<>(Traffic.NONE);

    /** The most that was ever told. */
    private final AtomicReference<Traffic> told = new AtomicReference<>(Traffic.NONE);

    /** @param most places for live and promised sessions */
    NodeSessions(
            int most,
            ConnectionTally tally,
            Contests contests,
            SessionNews news,
            Unfinished unfinished,
            Listener listener) {
        this.most = most;
        this.tally = tally;
        this.contests = contests;
        this.news = news;
        this.unfinished = unfinished;
        this.listener = listener;
    }

    /** The live session of this number; null if there is none. */
    @Nullable
    Session live(long id) {
        return live.get(id);
    }

    /** Those that are live, in the order in which their connections began. */
    List<Session> list() {
        return live.values().stream()
                .sorted(Comparator.comparingLong(Session::id))
                .toList();
    }

    /** Those that have something to say which their links do not take; a snapshot. */
    long writing() {
        return live.values().stream().filter(Session::isBlocked).count();
    }

    /**
     * What all have carried, those that have ended included. A session or a stream that ends meanwhile may be missed, and is never
     * counted twice; so whoever was told more gets no less.
     */
    Traffic traffic() {
        Traffic sum = over.get();
        for (Session session : live.values()) {
            sum = sum.plus(session.traffic());
        }
        return told.accumulateAndGet(sum, NodeSessions::most);
    }

    private static Traffic most(Traffic one, Traffic other) {
        return new Traffic(
                most(one.sent(), other.sent()),
                most(one.received(), other.received()),
                Math.max(one.late(), other.late()));
    }

    private static Way most(Way one, Way other) {
        return new Way(
                Math.max(one.records(), other.records()),
                Math.max(one.bytes(), other.bytes()),
                Math.max(one.elements(), other.elements()),
                Math.max(one.payloadBytes(), other.payloadBytes()));
    }

    /** Where peers of sessions went. */
    Moves moves() {
        return new Moves(followed.sum(), unproven.sum());
    }

    // ---- the node's end

    boolean isLeaving() {
        return leaving.get();
    }

    boolean isClosing() {
        return closing.get();
    }

    /** Nothing new is taken from now on; false if so already. */
    boolean leave() {
        return leaving.compareAndSet(false, true);
    }

    /** Nothing goes on from now on; false if so already. */
    boolean close() {
        return closing.compareAndSet(false, true);
    }

    /** How long sessions are drained that become ready while the node is leaving; before {@link #leave}. */
    void drainWithin(Duration limit) {
        drainWithin = limit;
    }

    /** Drains those that are live. */
    void drainAll(Duration limit) {
        live.values().forEach(session -> session.drainWith(limit, ErrorCode.NODE_CLOSED));
    }

    /** Closes those that are live. */
    void closeAll() {
        live.values().forEach(session -> session.closeWith(ErrorCode.NODE_CLOSED));
    }

    // ---- places

    @Override
    public @Nullable ErrorCode refusal(PeerId peer) {
        if (isLeaving()) {
            return ErrorCode.NODE_CLOSED;
        }
        boolean full = places.get() >= most;
        return full && contests.live(peer) == null ? ErrorCode.TOO_MANY_SESSIONS : null;
    }

    @Override
    public @Nullable ErrorCode takePlace() {
        if (isLeaving()) {
            return ErrorCode.NODE_CLOSED;
        }
        return places.getAndUpdate(n -> n < most ? n + 1 : n) < most ? null : ErrorCode.TOO_MANY_SESSIONS;
    }

    @Override
    public void leavePlace() {
        places.decrementAndGet();
    }

    // ---- one session with each peer

    @Override
    public void contend(Contender contender) {
        contests.contend(contender);
    }

    @Override
    public boolean claim(Contender contender) {
        return contests.claim(contender);
    }

    @Override
    public void withdraw(Contender contender, Consumer<@Nullable Session> instead) {
        contests.withdraw(contender, instead);
    }

    @Override
    public void prevailed(Contender contender) {
        contests.prevailed(contender);
        listener.onPrevailed(contender.session());
    }

    // ---- the life of each

    @Override
    public void onReady(Session session) {
        unfinished.begin();
        if (session.initiator()) {
            places.incrementAndGet();
        }
        live.put(session.id(), session);
        row(session).opens();
        news.ready(session);
        if (isClosing()) {
            session.closeWith(ErrorCode.NODE_CLOSED);
        } else if (isLeaving()) {
            session.drainWith(drainWithin, ErrorCode.NODE_CLOSED);
        }
    }

    private ConnectionTally.Row row(Session session) {
        return tally.of(session.transport(), session.initiator());
    }

    @Override
    public void onDraining(Session session) {
        row(session).drains();
    }

    @Override
    public void onClosing(Session session, boolean hasDrained) {
        row(session).closes(hasDrained);
    }

    @Override
    public void onMoved(Session session, SocketAddress before) {
        followed.increment();
        news.moved(session, before);
    }

    @Override
    public void onMoveUnproven(Session session) {
        unproven.increment();
    }

    @Override
    public void onCutOff(Session session, int streams, int requests) {
        news.cutOff(session, streams, requests);
    }

    @Override
    public void onEnd(Session session, CloseReason reason, boolean clean, Duration silence) {
        places.decrementAndGet();
        live.remove(session.id(), session);
        over.updateAndGet(before -> before.plus(session.traffic())); // behind that: see traffic()
        row(session).ends(reason.error());
        listener.onEnded(session);
        news.over(session, reason, clean, silence);
        contests.onEnd(session);
        unfinished.end();
    }
}
