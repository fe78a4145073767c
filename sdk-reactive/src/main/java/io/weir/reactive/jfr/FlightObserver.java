package io.weir.reactive.jfr;

import io.weir.core.error.CloseReason;
import io.weir.core.identity.PeerId;
import io.weir.core.stream.HalfState;
import io.weir.core.stream.StreamId;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerSession;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Records. Any thread; of one session on its loop. */
final class FlightObserver implements NodeObserver {

    /** Peers that are remembered as lost; of more, some are forgotten. */
    static final int MOST_LOST = 1_024;

    /** Of the sessions that are ready. */
    private final Map<PeerSession, SessionEvent> sessions = new ConcurrentHashMap<>();

    /** Of peers with which there is no session; only while reconnects are recorded. */
    private final Map<PeerId, ReconnectEvent> lost = new ConcurrentHashMap<>();

    /** Sessions and peers that are kept track of, for leak checks. */
    int kept() {
        return sessions.size() + lost.size();
    }

    @Override
    public void onSessionReady(PeerSession session) {
        SessionEvent event = new SessionEvent();
        event.begin(); // also for a recording that begins before the session ends
        event.readyNanos = System.nanoTime();
        sessions.put(session, event);
        ReconnectEvent reconnect = lost.remove(session.peer());
        if (reconnect != null && reconnect.shouldCommit()) {
            reconnect.sessionId = session.id();
            reconnect.commit();
        }
    }

    @Override
    public void onSessionEnded(PeerSession session, CloseReason reason) {
        SessionEvent event = sessions.remove(session);
        if (event != null && event.shouldCommit()) {
            event.sessionId = session.id();
            event.peer = session.peer().toString();
            event.remoteAddress = session.remoteAddress().toString();
            event.initiator = session.initiator();
            event.reason = reason.toString();
            event.livedFor = System.nanoTime() - event.readyNanos;
            event.commit();
        }
        if (!reason.clean()) {
            onLost(session, reason);
        }
    }

    private void onLost(PeerSession session, CloseReason reason) {
        ReconnectEvent event = new ReconnectEvent();
        if (!event.isEnabled()) {
            return;
        }
        if (lost.size() >= MOST_LOST) {
            Iterator<PeerId> any = lost.keySet().iterator();
            if (any.hasNext()) {
                lost.remove(any.next());
            }
        }
        event.begin();
        event.peer = session.peer().toString();
        event.lostSessionId = session.id();
        event.reason = reason.toString();
        lost.put(session.peer(), event);
    }

    @Override
    public void onDial(Dial dial) {
        PeerId expected = dial.address().expected();
        if (dial.failure() != null && expected != null) {
            lost.computeIfPresent(expected, (peer, event) -> {
                event.failedDials++;
                return event;
            });
        }
    }

    @Override
    public void onHalfState(PeerSession session, StreamId stream, HalfState left, long nanos, HalfState entered) {
        if (left != HalfState.BLOCKED_BY_CREDIT && left != HalfState.BLOCKED_BY_LINK) {
            return;
        }
        StallEvent event = new StallEvent();
        event.blockedFor = nanos;
        if (event.shouldCommit()) {
            event.sessionId = session.id();
            event.peer = session.peer().toString();
            event.stream = stream.toString();
            event.blockedBy = left == HalfState.BLOCKED_BY_CREDIT ? "credit" : "link";
            event.commit();
        }
    }
}
