package io.weir.test.oracle;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.reactive.NodeStats;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.test.network.SimulatedNetwork;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node as seen from outside: its events come in pairs, exactly one end for each beginning, and a node that is closed
 * leaves nothing behind. Thread: as the node's events.
 *
 * <pre>{@code
 * NodeOracle server = new NodeOracle("server");
 * server.watching(network.listener("server")).start().subscribe(server::started);
 * ...
 * server.checkClosed();
 * NodeOracle.checkNothingLeft(network);
 * }</pre>
 */
public final class NodeOracle {

    private final String name;
    private final Set<Long> live = new HashSet<>();
    private final Set<Long> seen = new HashSet<>();
    private final Map<Class<?>, Long> counts = new HashMap<>();
    private final Map<ErrorCode, Long> ended = new EnumMap<>(ErrorCode.class);
    private @Nullable PeerNode node;
    private @Nullable String violation;
    private boolean closed;

    /** An oracle whose violations call the node by this name. */
    public NodeOracle(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /** The spec, observed. */
    public PeerNodeSpec watching(PeerNodeSpec spec) {
        return spec.onEvent(this::onEvent);
    }

    /** The node that was started from the spec. */
    public void started(PeerNode started) {
        node = started;
        started.onClose().subscribe(reason -> closed = true);
    }

    void onEvent(PeerEvent event) {
        counts.merge(event.getClass(), 1L, Long::sum);
        if (event instanceof PeerEvent.ConnectionReady ready) {
            require(seen.add(ready.sessionId()) && live.add(ready.sessionId()), event);
        } else if (event instanceof PeerEvent.ConnectionClosed closing) {
            onEnd(closing.sessionId(), closing.reason(), event);
        } else if (event instanceof PeerEvent.ConnectionLost lost) {
            onEnd(lost.sessionId(), lost.reason(), event);
        } else if (event instanceof PeerEvent.ConnectionSetup setup) {
            require(seen.contains(setup.sessionId()), event);
        }
    }

    private void onEnd(long session, CloseReason why, PeerEvent event) {
        require(live.remove(session), event);
        ended.merge(why.error(), 1L, Long::sum);
    }

    private void require(boolean legal, PeerEvent event) {
        if (!legal && violation == null) {
            violation = event + " comes without its other half, or twice; live are " + live;
        }
    }

    /** Sessions that were ready and have not ended, by its events. */
    public int liveSessions() {
        return live.size();
    }

    /** Events of that kind so far. */
    public long count(Class<? extends PeerEvent> kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /**
     * At any moment: the events that came fit together.
     *
     * @throws AssertionError if they do not
     */
    public void check() {
        if (violation != null) {
            throw new AssertionError(name + ": " + violation);
        }
    }

    /**
     * After the node was closed and given time to: it says so, every session that was ready has ended, and all memory
     * that was promised to peers, or held what was to be sent to them, is free again, and its {@link NodeStats} agree with its
     * events: each connection has failed or become a session, each session and each request of a peer has ended.
     *
     * @throws AssertionError if something is left
     */
    public void checkClosed() {
        check();
        if (!live.isEmpty()) {
            throw new AssertionError(name + ": the sessions " + live + " were ready and never ended");
        }
        PeerNode started = node;
        if (started == null) {
            return;
        }
        if (!closed) {
            throw new AssertionError(name + ": the node has not closed");
        }
        if (started.reservedBytes() != 0) {
            throw new AssertionError(name + ": " + started.reservedBytes() + " bytes are still reserved");
        }
        if (started.unsentBytes() != 0) {
            throw new AssertionError(name + ": " + started.unsentBytes() + " bytes are still booked for sending");
        }
        checkStats(started.stats());
    }

    private void checkStats(NodeStats stats) {
        Map<ErrorCode, Long> counted = new EnumMap<>(ErrorCode.class);
        long opened = 0;
        for (NodeStats.Connections each : stats.connections()) {
            each.ended().forEach((why, count) -> counted.merge(why, count, Long::sum));
            opened += each.opened();
            requireCount("connections are still handshaking", 0, each.handshaking());
        }
        requireCount("sessions are still counted as open", 0, stats.sessions());
        requireCount("sessions were counted as opened", count(PeerEvent.ConnectionReady.class), opened);
        requireCount(
                "requests of peers are still counted as running",
                0,
                stats.handled().running());
        if (!counted.equals(ended)) {
            throw new AssertionError(name + ": sessions ended " + ended + ", and were counted " + counted);
        }
    }

    private void requireCount(String what, long expected, long counted) {
        if (counted != expected) {
            throw new AssertionError(name + ": " + counted + " " + what + ", should be " + expected);
        }
    }

    /**
     * After everything on the network was closed and given time to: no link and no timer is left.
     *
     * @throws AssertionError if something is
     */
    public static void checkNothingLeft(SimulatedNetwork network) {
        if (network.links() != 0 || network.timers() != 0) {
            throw new AssertionError(network.links() + " links and " + network.timers() + " timers are left");
        }
    }
}
