package io.weir.test;

import io.weir.core.identity.PeerId;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.test.oracle.NodeOracle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One of {@link TestNodes}, and what has been seen of it. */
final class TestNode {

    /** Events that are kept; older ones are forgotten. */
    static final int KEPT_EVENTS = 4_096;

    private final String name;
    private final NodeOracle oracle;
    private final Deque<PeerEvent> events = new ArrayDeque<>();
    private final Map<PeerId, PeerSession> sessions = new HashMap<>();
    private @Nullable PeerNode node;

    TestNode(String name, PeerNodeSpec spec) {
        this.name = name;
        oracle = new NodeOracle(name);
        oracle.watching(spec.onEvent(this::onEvent)).start().subscribe(this::started);
    }

    private void started(PeerNode started) {
        node = started;
        oracle.started(started);
        started.sessions().subscribe(session -> sessions.put(session.peer(), session));
    }

    private void onEvent(PeerEvent event) {
        if (events.size() == KEPT_EVENTS) {
            events.remove();
        }
        events.add(event);
    }

    String name() {
        return name;
    }

    PeerNode node() {
        PeerNode started = node;
        if (started == null) {
            throw new IllegalStateException("node '" + name + "' has not started: " + events);
        }
        return started;
    }

    /** Closes the node, if it has started. */
    void dispose() {
        PeerNode started = node;
        if (started != null) {
            started.dispose();
        }
    }

    List<PeerEvent> events() {
        return List.copyOf(events);
    }

    /** The last session with that node, live or over. */
    @Nullable
    PeerSession session(TestNode with) {
        return sessions.get(with.node().id());
    }

    boolean hasLiveSession(TestNode with) {
        PeerSession session = session(with);
        return session != null && !session.isDisposed();
    }

    void checkClosed() {
        oracle.checkClosed();
    }
}
