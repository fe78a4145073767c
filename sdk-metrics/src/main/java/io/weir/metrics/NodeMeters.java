package io.weir.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.core.path.PathStats;
import io.weir.reactive.Interaction;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Fills the meters from what nodes tell. Each meter is looked up once, when its tags are first seen; a record costs two sums.
 * What this keeps for itself it does before it asks the registry's, so that one which throws loses that count alone.
 *
 * <p>Any thread; of one session on its loop.
 */
final class NodeMeters implements NodeObserver {

    /** Peers that are remembered as lost; of more, some are forgotten. */
    static final int MOST_LOST = 1_024;

    private final Registered registered;
    private final Types types;
    private final LongAdder promisedBytes;
    private final NodeTotals nodes;
    private final StreamMeters streams;
    private final Map<MemoryOf, Timer> memoryWaits = new EnumMap<>(MemoryOf.class);
    private final Map<String, TransportMeters> transports = new ConcurrentHashMap<>();
    private final Map<String, PathMeters> paths = new ConcurrentHashMap<>();
    private final Map<String, RequestMeters> asked = new ConcurrentHashMap<>();
    private final Map<String, RequestMeters> answered = new ConcurrentHashMap<>();
    private final Map<Refused, Counter> refusals = new ConcurrentHashMap<>();

    /** When the last session with a peer was lost, by the registry's clock. */
    private final Map<PeerId, Long> lostNanos = new ConcurrentHashMap<>();

    private record Refused(Interaction.Kind kind, ErrorCode reason) {}

    /** @param promisedBytes what of nodes' memory is promised, which is registered already */
    NodeMeters(Registered registered, Types types, LongAdder promisedBytes) {
        this.registered = registered;
        this.types = types;
        this.promisedBytes = promisedBytes;
        nodes = new NodeTotals(registered);
        streams = new StreamMeters(registered, types);
        for (MemoryOf memory : MemoryOf.values()) {
            memoryWaits.put(
                    memory,
                    registered.timer(WeirMeter.MEMORY_WAITS, memory.name().toLowerCase(Locale.ROOT)));
        }
    }

    private TransportMeters of(PeerSession session) {
        String transport = session.transport();
        TransportMeters known = transports.get(transport);
        return known != null
                ? known
                : transports.computeIfAbsent(transport, scheme -> new TransportMeters(registered, scheme));
    }

    // ---- nodes

    @Override
    public void onNodeStarted(PeerNode node) {
        nodes.onStarted(node);
    }

    @Override
    public void onNodeClosed(PeerNode node) {
        nodes.onClosed(node);
    }

    // ---- connections

    @Override
    public void onDial(Dial dial) {
        registered
                .timer(WeirMeter.DIALS, dial.address().scheme(), Outcomes.of(dial.failure()))
                .record(dial.nanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void onHandshake(Handshake handshake) {
        registered
                .timer(
                        WeirMeter.HANDSHAKES,
                        handshake.transport(),
                        handshake.initiator() ? "initiator" : "responder",
                        Outcomes.of(handshake.failure()))
                .record(handshake.nanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void onSessionReady(PeerSession session) {
        streams.onSessionReady(session);
        TransportMeters transport = of(session);
        Long lost = lostNanos.remove(session.peer());
        transport.sessions(session.initiator()).onReady(session);
        if (lost != null) {
            transport.reconnects().record(registered.nowNanos() - lost, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void onSessionEnded(PeerSession session, CloseReason reason) {
        streams.onSessionEnded(session, reason);
        PathMeters ofPaths = paths.get(session.transport());
        if (ofPaths != null) {
            ofPaths.onEnded(session);
        }
        if (!reason.clean()) {
            forgetOneOfTooMany();
            lostNanos.put(session.peer(), registered.nowNanos());
        }
        of(session).sessions(session.initiator()).onEnded(session, reason);
    }

    private void forgetOneOfTooMany() {
        if (lostNanos.size() >= MOST_LOST) {
            Iterator<PeerId> any = lostNanos.keySet().iterator();
            if (any.hasNext()) {
                lostNanos.remove(any.next());
            }
        }
    }

    @Override
    public void onRecordSent(PeerSession session, int bytes) {
        of(session).onSent(bytes);
    }

    @Override
    public void onRecordReceived(PeerSession session, int bytes) {
        of(session).onReceived(bytes);
    }

    @Override
    public void onRoundTrip(PeerSession session, long nanos) {
        of(session).roundTrips().record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void onHeartbeatsMissed(PeerSession session, int count) {
        of(session).heartbeatsMissed().increment(count);
    }

    /** Where there are no paths, there are no meters of them. */
    @Override
    public void onPath(PeerSession session, PathStats path) {
        if (of(session).sessions(session.initiator()).isLive(session)) {
            paths.computeIfAbsent(session.transport(), scheme -> new PathMeters(registered, scheme))
                    .onPath(session, path);
        }
    }

    // ---- streams

    @Override
    public void onStreamOpened(PeerStream stream) {
        streams.onStreamOpened(stream);
    }

    @Override
    public void onStreamEnded(PeerStream stream, CloseReason reason) {
        streams.onStreamEnded(stream, reason);
    }

    @Override
    public void onRefused(PeerSession session, Interaction.Kind what, ErrorCode reason) {
        refusals.computeIfAbsent(
                        new Refused(what, reason),
                        refused -> registered.counter(
                                WeirMeter.REFUSALS, what.name().toLowerCase(Locale.ROOT), Outcomes.of(reason)))
                .increment();
    }

    // ---- requests

    @Override
    public void onAsked(PeerSession session, RequestsDone requests) {
        count(asked, "client", requests);
    }

    @Override
    public void onAnswered(PeerSession session, RequestsDone requests) {
        count(answered, "server", requests);
    }

    private void count(Map<String, RequestMeters> byType, String role, RequestsDone requests) {
        int size = requests.size();
        int next = 0;
        while (next < size) {
            int behind = requests.alikeUntil(next);
            requests(byType, role, types.of(requests.route(next))).count(requests, next, behind);
            next = behind;
        }
    }

    private RequestMeters requests(Map<String, RequestMeters> byType, String role, String type) {
        RequestMeters known = byType.get(type);
        return known != null
                ? known
                : byType.computeIfAbsent(type, absent -> new RequestMeters(registered, role, type));
    }

    // ---- memory

    @Override
    public void onMemoryPromised(PeerSession session, long bytes) {
        promisedBytes.add(bytes);
    }

    @Override
    public void onMemoryWaited(PeerSession session, MemoryOf memory, long nanos) {
        Objects.requireNonNull(memoryWaits.get(memory)).record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Peers that are remembered as lost. */
    int lost() {
        return lostNanos.size();
    }

    /** Nodes, sessions, paths and streams that are kept track of, for leak checks. */
    int kept() {
        return nodes.kept()
                + streams.kept()
                + paths.values().stream().mapToInt(PathMeters::kept).sum()
                + transports.values().stream().mapToInt(TransportMeters::kept).sum();
    }
}
