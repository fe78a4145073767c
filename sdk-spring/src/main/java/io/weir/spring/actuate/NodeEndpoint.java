package io.weir.spring.actuate;

import io.weir.core.error.CloseReason;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamStats;
import io.weir.reactive.ConnectionInfo;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.MessageStats;
import io.weir.reactive.NodeStats;
import io.weir.reactive.OpenStats;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerState;
import io.weir.reactive.PeerStream;
import io.weir.reactive.dispatch.WorkerStats;
import io.weir.reactive.dispatch.Workers;
import io.weir.spring.node.ApplicationNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * {@code /actuator/weir}: the node with its sessions and the peers that it keeps, and {@code /actuator/weir/<number of a session>}: one
 * session with its streams. Of sessions and peers at most {@value #MOST_SHOWN} are shown each, the oldest.
 */
@Endpoint(id = "weir")
public final class NodeEndpoint {

    /** Sessions that are shown, and peers. */
    public static final int MOST_SHOWN = 256;

    private final ApplicationNode node;
    private final LiveStreams streams;
    private final Supplier<? extends Map<String, Workers>> workers;

    /**
     * Of that node.
     *
     * @param workers those of the application by the names of their beans, asked each time
     */
    public NodeEndpoint(ApplicationNode node, LiveStreams streams, Supplier<? extends Map<String, Workers>> workers) {
        this.node = node;
        this.streams = streams;
        this.workers = workers;
    }

    /**
     * The node.
     *
     * @param id its peer id
     * @param addresses where it listens
     * @param cipher whose code seals its records
     * @param reservedBytes memory that is promised to peers
     * @param unsentBytes memory of what waits to be sent
     * @param droppedDatagrams by reason, since its start
     * @param stats what it has done since its start, and has in hand
     * @param workers where handlers may block, by the names of their beans; none where there are no such beans
     * @param liveSessions how many there are
     * @param sessions the oldest of them
     * @param wantedPeers how many peers it keeps connected
     * @param peers the first of them
     */
    public record NodeView(
            String id,
            List<String> addresses,
            String cipher,
            long reservedBytes,
            long unsentBytes,
            Map<String, Long> droppedDatagrams,
            NodeStats stats,
            Map<String, WorkersView> workers,
            int liveSessions,
            List<SessionView> sessions,
            int wantedPeers,
            List<PeerView> peers) {}

    /**
     * Threads on which handlers may block, as {@link io.weir.reactive.dispatch.WorkerStats} tells of them.
     *
     * @param threads calls that may run at a time
     * @param places calls that may wait beside these
     * @param busy calls that threads are at
     * @param waiting calls that wait for a thread
     * @param done calls that have returned
     * @param refused calls that never were, as too many waited
     */
    public record WorkersView(int threads, int places, int busy, int waiting, long done, long refused) {}

    /**
     * One session.
     *
     * @param id its number within the node, as in the log
     * @param peer who is there
     * @param address where
     * @param transport what carries it
     * @param direction who has dialled
     * @param state where it is in its life
     * @param since when it became ready
     * @param lastHeard when something of the peer came last
     * @param roundTripMicros smoothed
     * @param opens how its streams come to be opened
     * @param messages what it has in hand of messages, and has had
     * @param streams those that are in use; null where it is one of many sessions
     */
    public record SessionView(
            long id,
            String peer,
            String address,
            String transport,
            String direction,
            String state,
            Instant since,
            Instant lastHeard,
            long roundTripMicros,
            OpenStats opens,
            MessageStats messages,
            @Nullable List<StreamView> streams) {}

    /**
     * One stream.
     *
     * @param name that it was opened under
     * @param sent elements
     * @param received elements
     * @param sentBytes of their payloads
     * @param receivedBytes of their payloads
     * @param waiting elements received that nobody has taken yet
     * @param creditBytes that may be sent now
     * @param lastActivity when an element was last sent or received
     */
    public record StreamView(
            String name,
            long sent,
            long received,
            long sentBytes,
            long receivedBytes,
            long waiting,
            long creditBytes,
            Instant lastActivity) {}

    /**
     * A peer that is kept connected.
     *
     * @param id who it is; null while nobody knows
     * @param addresses where it can be dialled
     * @param state where it is at
     * @param reason why it is not connected, where something has failed
     */
    public record PeerView(
            @Nullable String id,
            List<String> addresses,
            String state,
            @Nullable String reason) {}

    /** The node; nothing where it does not run. */
    @ReadOperation
    public @Nullable NodeView node() {
        if (!node.isRunning()) {
            return null;
        }
        Map<String, Long> dropped = new TreeMap<>();
        node.droppedDatagrams().forEach((why, count) -> dropped.put(why.name(), count));
        List<ConnectionInfo> connections = node.connections();
        List<ManagedPeer> wanted = node.peers().list();
        Map<Long, PeerSession> sessions = new TreeMap<>();
        node.liveSessions().forEach(session -> sessions.put(session.id(), session));
        return new NodeView(
                node.id().toString(),
                node.addresses().stream().map(PeerAddress::toString).toList(),
                node.cipherProvider().toString(),
                node.reservedBytes(),
                node.unsentBytes(),
                dropped,
                node.stats(),
                workersNow(),
                connections.size(),
                connections.stream()
                        .limit(MOST_SHOWN)
                        .flatMap(info -> Optional.ofNullable(sessions.get(info.id())).stream()
                                .map(session -> view(info, session, null)))
                        .toList(),
                wanted.size(),
                wanted.stream().limit(MOST_SHOWN).map(NodeEndpoint::view).toList());
    }

    /** One session, with its streams; nothing where it has ended. */
    @ReadOperation
    public @Nullable SessionView session(@Selector long id) {
        if (!node.isRunning()) {
            return null;
        }
        PeerSession session = node.liveSessions().stream()
                .filter(live -> live.id() == id)
                .findFirst()
                .orElse(null);
        ConnectionInfo info = node.connections().stream()
                .filter(connection -> connection.id() == id)
                .findFirst()
                .orElse(null);
        return session == null || info == null
                ? null
                : view(
                        info,
                        session,
                        streams.of(id).stream().map(NodeEndpoint::view).toList());
    }

    private Map<String, WorkersView> workersNow() {
        Map<String, WorkersView> all = new TreeMap<>();
        workers.get().forEach((name, each) -> all.put(name, view(each)));
        return all;
    }

    private static WorkersView view(Workers workers) {
        WorkerStats stats = workers.stats();
        return new WorkersView(
                workers.threads(), workers.places(), stats.running(), stats.waiting(), stats.done(), stats.refused());
    }

    private static SessionView view(ConnectionInfo info, PeerSession session, @Nullable List<StreamView> streams) {
        return new SessionView(
                info.id(),
                info.peer().toString(),
                info.address().toString(),
                info.transport(),
                info.direction().name(),
                info.state().name(),
                info.since(),
                info.lastHeard(),
                info.roundTrip().toNanos() / 1_000,
                session.openStats(),
                session.messageStats(),
                streams);
    }

    private static StreamView view(PeerStream stream) {
        StreamStats stats = stream.stats();
        return new StreamView(
                stream.name(),
                stats.txSeq(),
                stats.rxSeq(),
                stats.txBytes(),
                stats.rxBytes(),
                stats.inboundPending(),
                stats.txCreditRemaining(),
                stream.lastActivity());
    }

    private static PeerView view(ManagedPeer peer) {
        PeerState state = peer.state();
        CloseReason reason = PeerStates.reason(state);
        return new PeerView(
                peer.id().map(Object::toString).orElse(null),
                peer.wanted().addresses().stream().map(PeerAddress::toString).toList(),
                PeerStates.word(state),
                reason == null ? null : reason.toString());
    }
}
