package io.weir.metrics;

import io.micrometer.core.instrument.Counter;
import io.weir.core.error.CloseReason;
import io.weir.reactive.PeerSession;
import io.weir.reactive.SessionState;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Sessions of one transport and role. Any thread; of one session on its loop. */
final class SessionMeters {

    private final Registered registered;
    private final String transport;
    private final String role;
    private final Counter opened;
    private final Map<String, Counter> ended = new ConcurrentHashMap<>();
    private final Set<PeerSession> live = ConcurrentHashMap.newKeySet();

    SessionMeters(Registered registered, String transport, String role) {
        this.registered = registered;
        this.transport = transport;
        this.role = role;
        opened = registered.counter(WeirMeter.SESSIONS_OPENED, transport, role);
        registered.gauge(WeirMeter.SESSIONS, () -> live.size() - draining(), transport, role, "ready");
        registered.gauge(WeirMeter.SESSIONS, this::draining, transport, role, "draining");
    }

    private double draining() {
        return live.stream()
                .filter(session -> session.state() == SessionState.DRAINING)
                .count();
    }

    void onReady(PeerSession session) {
        live.add(session);
        opened.increment();
    }

    void onEnded(PeerSession session, CloseReason reason) {
        live.remove(session);
        ended.computeIfAbsent(
                        Outcomes.of(reason),
                        outcome -> registered.counter(WeirMeter.SESSIONS_ENDED, transport, role, outcome))
                .increment();
    }

    /** Whether it is ready and has not ended. */
    boolean isLive(PeerSession session) {
        return live.contains(session);
    }

    int kept() {
        return live.size();
    }
}
