package io.weir.test.simulation;

import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.SessionState;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.SimulatedNetwork;
import io.weir.test.oracle.NodeOracle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * A host whose node wants a session with one other, and dials again, after a while, whenever it fails or ends. Over each
 * session it asks one question. The host may crash and start again.
 */
final class Neighbour {
    private static final Duration PORT_IN_USE = Duration.ofMillis(100);
    private static final int LONGEST_PAUSE_MILLIS = 2_000;

    private final SimulatedNetwork network;
    private final String name;
    private final String other;
    private final Random random;
    private final List<NodeOracle> runs = new ArrayList<>();
    private final Set<Integer> asked = new TreeSet<>();
    private final Map<Integer, Integer> answered = new HashMap<>(); // the other's questions
    private final Map<Integer, String> ends = new HashMap<>();
    private final Map<ErrorCode, Integer> refused = new EnumMap<>(ErrorCode.class);
    private final Map<ErrorCode, Integer> ended = new EnumMap<>(ErrorCode.class);
    private final List<PeerSession> sessions = new ArrayList<>();
    private final Disposable.Swap dial = Disposables.swap();
    private @Nullable PeerNode node;
    private int run;

    Neighbour(SimulatedNetwork network, String name, String other, Random random) {
        this.network = network;
        this.name = name;
        this.other = other;
        this.random = random;
    }

    private PeerAddress secondAddress(String host) {
        boolean datagrams = network.address(host).scheme().equals("udp");
        return datagrams ? PeerAddress.udp(host, SimulatedNetwork.PORT + 1) : PeerAddress.memory(host + "-too");
    }

    void start() {
        start(++run);
    }

    private void start(int thisRun) {
        NodeOracle oracle = new NodeOracle(name + ", run " + thisRun);
        oracle.watching(network.listener(name)
                        .listen(secondAddress(name))
                        .onEvent(this::count)
                        .onRequest("ask", RequestHandler.typed(Codec.utf8(), Codec.utf8(), question -> {
                            answered.merge(Integer.valueOf(question), 1, Integer::sum);
                            return Mono.just("yes");
                        }))
                        .onRequest(
                                "which",
                                request -> Mono.just(Codec.utf8()
                                        .encode(Long.toString(request.session().id())))))
                .start()
                .subscribe(
                        started -> {
                            node = started;
                            runs.add(oracle);
                            oracle.started(started);
                            started.sessions().subscribe(this::ask);
                            wantLater(thisRun);
                        },
                        e -> startLater(thisRun));
        network.settle();
    }

    /** The run before has its port of datagrams until its sessions have ended. */
    private void startLater(int thisRun) {
        network.after(PORT_IN_USE, () -> {
            if (thisRun == run) {
                start(thisRun);
            }
        });
    }

    private void count(PeerEvent event) {
        network.note(name + " tells " + event);
        if (event instanceof PeerEvent.InboundRefused refusal) {
            refused.merge(refusal.reason().error(), 1, Integer::sum);
        } else if (event instanceof PeerEvent.ConnectionClosed end) {
            ended.merge(end.reason().error(), 1, Integer::sum);
        }
    }

    private void ask(PeerSession session) {
        sessions.add(session);
        int question = asked.size() * 2 + (name.compareTo(other) < 0 ? 0 : 1);
        asked.add(question);
        session.request("ask", Integer.toString(question), Codec.utf8(), Codec.utf8())
                .subscribe(reply -> end(question, "reply"), e -> end(question, e.toString()));
    }

    private void end(int question, String end) {
        ends.merge(question, end, (first, second) -> first + " | " + second);
    }

    private void wantLater(int thisRun) {
        network.after(Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS)), () -> {
            if (thisRun == run) {
                want(thisRun);
            }
        });
    }

    private void want(int thisRun) {
        PeerNode dialling = node;
        if (dialling == null) {
            return;
        }
        PeerAddress address = random.nextBoolean() ? network.address(other) : secondAddress(other);
        if (random.nextBoolean()) {
            address = address.expecting(otherId());
        }
        dial.update(dialling.connect(address)
                .doOnCancel(() -> wantLater(thisRun))
                .subscribe(
                        session -> session.onClose().subscribe(reason -> wantLater(thisRun)), e -> wantLater(thisRun)));
    }

    private PeerId otherId() {
        return network.identity(other).peerId();
    }

    /** One more dial beside what there is. */
    void dialAgain() {
        PeerNode dialling = node;
        if (dialling != null) {
            dialling.connect(secondAddress(other)).subscribe(session -> {}, e -> {});
        }
    }

    /** Gives up the dial in progress, if there is one; another follows. */
    void cancel() {
        dial.update(Disposables.disposed());
    }

    /** Ends without a word, and starts again after a while. */
    void crash() {
        network.changeAddress(name);
        stop();
        int crashed = run;
        network.after(Duration.ofMillis(1 + random.nextInt(LONGEST_PAUSE_MILLIS)), () -> {
            if (crashed == run) {
                start();
            }
        });
    }

    void stop() {
        run++;
        PeerNode stopping = node;
        node = null;
        if (stopping != null) {
            stopping.dispose();
        }
    }

    // ---- what there is to see

    List<PeerSession> live() {
        return sessions.stream()
                .filter(session -> session.state() == SessionState.READY)
                .toList();
    }

    /** The number that the other node has given to the one session that this node has. */
    Mono<String> otherEnd() {
        return live().get(0).request("which", "", Codec.utf8(), Codec.utf8());
    }

    /** Questions that the other node has been told of. */
    Map<Integer, Integer> answered() {
        return answered;
    }

    /** How each question ended. */
    Map<Integer, String> ends() {
        return ends;
    }

    /** Inbound connections that led to no session for that reason, of either side. */
    int refused(ErrorCode code) {
        return refused.getOrDefault(code, 0);
    }

    /** Sessions that were ready and were closed for that reason, by either side. */
    int ended(ErrorCode code) {
        return ended.getOrDefault(code, 0);
    }

    Set<Integer> asked() {
        return asked;
    }

    List<NodeOracle> runs() {
        return runs;
    }
}
