package io.weir.test.simulation;

import io.weir.core.error.ListenException;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerState;
import io.weir.reactive.SessionState;
import io.weir.reactive.WantedPeer;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.SimulatedNetwork;
import io.weir.test.oracle.NodeOracle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A host of a swarm: one identity, and one node after the other, each of which wants the same peers. */
final class SwarmHost {

    private static final String WHICH = "which";
    private static final Duration PORT_IN_USE = Duration.ofMillis(100);

    private final SimulatedNetwork network;
    private final String name;
    private final Function<String, Identity> identities;
    private final Habits habits;
    private final List<Wish> wishes;
    private final Watch watch;
    private final List<NodeOracle> runs = new ArrayList<>();
    private final Map<Wish, ManagedPeer> wanted = new LinkedHashMap<>();
    private final List<PeerSession> sessions = new ArrayList<>();
    private final EndCounts ends = new EndCounts();
    private @Nullable PeerNode node;
    private @Nullable RoutePost post;
    private int ready;
    /** Starts and ends until now: which is the latest. */
    private int starts;

    /** @param slow whether it takes only a little of what is sent to all */
    record Habits(ConnectionPolicy policy, boolean slow) {}

    /** Who is told of what happens. */
    record Watch(Story story, RouteAccounts accounts, Consumer<String> violations) {}

    /**
     * @param identities who each host is
     * @param wishes its own
     */
    SwarmHost(
            SimulatedNetwork network,
            String name,
            Function<String, Identity> identities,
            Habits habits,
            List<Wish> wishes,
            Watch watch) {
        this.network = network;
        this.name = name;
        this.identities = identities;
        this.habits = habits;
        this.wishes = wishes;
        this.watch = watch;
    }

    String name() {
        return name;
    }

    PeerId id() {
        return identities.apply(name).peerId();
    }

    boolean isUp() {
        return node != null;
    }

    // ---- what is done to it

    void start() {
        NodeOracle oracle = new NodeOracle(name + ", run " + runs.size());
        int begun = ++starts;
        watch.story.tell(name, "starts");
        oracle.watching(network.listener(name)
                        .identity(identities.apply(name))
                        .connections(habits.policy)
                        .onEvent(ends::onEvent)
                        .onRequest(WHICH, request -> Mono.just(Codec.utf8().encode(answer(request.session())))))
                .start()
                .subscribe(started -> started(oracle, started), e -> failed(begun, e));
    }

    /** The run before has its port of datagrams until its sessions have ended. */
    private void failed(int begun, Throwable e) {
        if (!(e instanceof ListenException) || !network.address(name).scheme().equals("udp")) {
            watch.violations.accept(name + " does not start: " + e);
            return;
        }
        network.after(PORT_IN_USE, () -> {
            if (begun == starts && node == null) {
                start();
            }
        });
    }

    private void started(NodeOracle oracle, PeerNode started) {
        node = started;
        runs.add(oracle);
        oracle.started(started);
        started.sessions().subscribe(this::onSession);
        post = new RoutePost(name + ", run " + runs.size(), started, watch.accounts, habits.slow);
        wishes.forEach(this::want);
    }

    private void onSession(PeerSession session) {
        ready++;
        sessions.removeIf(before -> before.state() == SessionState.CLOSED);
        for (PeerSession before : sessions) {
            if (before.state() == SessionState.READY && before.peer().equals(session.peer())) {
                watch.violations.accept(name + ": " + session + " is ready beside " + before);
            }
        }
        sessions.add(session);
    }

    /** The process is killed; its system breaks its links. */
    void kill() {
        watch.story.tell(name, "is killed");
        network.reset(name);
        end(PeerNode::dispose);
    }

    /** Is gone without a word. Comes back with another address, as far as its old links can tell. */
    void losePower() {
        watch.story.tell(name, "loses power");
        network.changeAddress(name);
        end(PeerNode::dispose);
    }

    void close() {
        watch.story.tell(name, "is closed");
        end(closing -> closing.close().subscribe());
    }

    void shutDown(Duration deadline) {
        watch.story.tell(name, "is shut down within " + deadline);
        end(closing -> closing.shutdown(deadline).subscribe(none -> {}, e -> {}));
    }

    private void end(Consumer<PeerNode> way) {
        starts++;
        PeerNode ending = node;
        node = null;
        post = null;
        wanted.clear();
        if (ending != null) {
            way.accept(ending);
        }
    }

    /** Ends the session with a peer that it wants, and wants that no more. */
    void disconnect(Wish wish) {
        ManagedPeer peer = wanted.remove(wish);
        if (peer != null) {
            watch.story.tell(name, wish.to(), "disconnects");
            peer.disconnect().subscribe();
        }
    }

    void wantAll() {
        wishes.forEach(this::want);
    }

    void want(Wish wish) {
        PeerNode wanting = node;
        if (wanting != null && !wanted.containsKey(wish)) {
            ManagedPeer peer = wanting.peers().add(asked(wish));
            wanted.put(wish, peer);
            peer.states().subscribe(state -> watch.story.tell(name, wish.to(), state));
        }
    }

    private WantedPeer asked(Wish wish) {
        PeerAddress address = network.address(wish.to());
        PeerId id = identities.apply(wish.to()).peerId();
        return switch (wish.way()) {
            case ADDRESS -> WantedPeer.at(address);
            case ADDRESS_AND_ID -> WantedPeer.of(id, address);
            case ID -> WantedPeer.of(id);
        };
    }

    void retry(Wish wish) {
        ManagedPeer peer = wanted.get(wish);
        if (peer != null) {
            watch.story.tell(name, wish.to(), "is told to retry");
            peer.retry();
        }
    }

    // ---- what there is to see

    List<Wish> wishes() {
        return wishes;
    }

    List<NodeOracle> runs() {
        return runs;
    }

    /** Sessions that were ready so far. */
    int ready() {
        return ready;
    }

    /** Why its connections and sessions ended. */
    EndCounts ends() {
        return ends;
    }

    /** Of the node that is up. */
    Optional<RoutePost> post() {
        return Optional.ofNullable(post);
    }

    /** Asks the other end which of its sessions this is. */
    static Mono<String> ask(PeerSession session) {
        return session.request(WHICH, "", Codec.utf8(), Codec.utf8());
    }

    /** What the other end of this session hears when it asks. */
    static String answer(PeerSession session) {
        return Long.toString(session.id());
    }

    /** Those that have not ended, of any of its nodes. */
    List<PeerSession> live() {
        return sessions.stream()
                .filter(session -> session.state() != SessionState.CLOSED)
                .toList();
    }

    List<PeerSession> live(PeerId peer) {
        return live().stream().filter(session -> session.peer().equals(peer)).toList();
    }

    /** Where it is at with a peer, by each of its wishes for it. */
    @Nullable
    PeerState state(Wish wish) {
        ManagedPeer peer = wanted.get(wish);
        return peer == null ? null : peer.state();
    }

    /** Whom it wants is ready, by a session that is live. */
    boolean isGranted(Wish wish) {
        return state(wish) instanceof PeerState.Ready ready
                && ready.session().state() == SessionState.READY
                && ready.session().peer().equals(identities.apply(wish.to()).peerId());
    }
}
