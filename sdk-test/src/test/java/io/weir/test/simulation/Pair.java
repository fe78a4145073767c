package io.weir.test.simulation;

import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.core.wire.Headers;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.SimulatedNetwork;
import io.weir.test.oracle.NodeOracle;
import io.weir.test.simulation.Flow.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Two nodes, A that dials and B that listens, whose users do what a script says, against the model that {@link Flow},
 * {@link Epoch} and {@link Talk} are. Operations between two SETTLEs happen before anything that they cause.
 */
final class Pair implements AutoCloseable {

    private static final int[] SIZES = {0, 1, 4, 10, 84, 100, 984, 1_000, 1_008, 1_009, 5_000, 20_000, 70_000};
    private static final String[] NAMES = {"A", "B"};

    private final Setup setup;
    private final SimulatedNetwork network;
    private final Ways ways;
    private final NodeOracle[] oracles = {new NodeOracle("A"), new NodeOracle("B")};
    private final @Nullable PeerNode[] nodes = new PeerNode[2];
    private final @Nullable PeerSession[] sessions = new PeerSession[2];
    private final @Nullable Talk[] talks = new Talk[2];
    private final @Nullable Epoch[] slots = new Epoch[Operation.SLOTS];
    private final List<Epoch> epochs = new ArrayList<>();
    private final Map<String, Epoch> byNumber = new HashMap<>();
    private final List<Operation> turn = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private boolean live;
    private int opened;
    private long ids;

    Pair(long seed, Setup setup) {
        this.setup = setup;
        network = SimulatedNetwork.seeded(seed);
        ways = new Ways(setup.carriage(), network);
        for (int side = 0; side < 2; side++) {
            int here = side;
            oracles[side]
                    .watching(declaring(ways.node(side).limits(setup.limits(side)), side))
                    .start()
                    .subscribe(started -> {
                        nodes[here] = started;
                        oracles[here].started(started);
                    });
        }
        network.settle();
        nodes[1].sessions().subscribe(session -> sessions[1] = session);
        connect();
    }

    private PeerNodeSpec declaring(PeerNodeSpec spec, int side) {
        PeerNodeSpec declared = spec.onRequest(Talk.ECHO, request -> Mono.just(request.payload()))
                .onMessage(
                        Talk.NOTE,
                        message -> Mono.fromRunnable(() -> {
                            Talk peer = talks[1 - side];
                            if (peer != null) {
                                peer.heard(message.decode(Codec.bytes()));
                            }
                        }));
        for (int i = 0; i < Epoch.DECLARED.size(); i++) {
            declared = declared.onStream(String.valueOf(i), Epoch.DECLARED.get(i), this::accept);
        }
        return declared;
    }

    private Publisher<Void> accept(PeerStream stream) {
        Epoch epoch = byNumber.get(String.valueOf(stream.headers().text("number")));
        if (epoch != null) {
            epoch.accepted(stream);
            int side = 1 - epoch.opener();
            epoch.send(side);
            epoch.receive(side);
        }
        return Mono.never();
    }

    /**
     * Does all of it.
     *
     * @throws AssertionError where what a user saw is not what the model says
     */
    void run(List<Operation> script) {
        for (Operation operation : script) {
            switch (operation.what()) {
                case SETTLE -> settle();
                case ADVANCE -> advance(Duration.ofMillis(operation.amount() % 500));
                case CONNECT -> {
                    settle();
                    connect();
                }
                case FINISH -> finish(operation.amount());
                default -> turn.add(operation);
            }
            failIfBroken(operation);
        }
    }

    private void failIfBroken(Operation after) {
        if (!violations.isEmpty()) {
            throw new AssertionError("after " + after + ": " + String.join("\n  and ", violations));
        }
    }

    private void runTurn() {
        List<Operation> operations = List.copyOf(turn);
        turn.clear();
        // inside a task: what the operations cause waits for the next one
        network.time().schedule(() -> {
            try {
                operations.forEach(this::perform);
            } catch (Throwable e) {
                violations.add("an operation of " + operations + " threw " + e + " at " + e.getStackTrace()[0]);
            }
        });
        calm();
    }

    private void calm() {
        if (live) {
            ways.calm(List.of(sessions[0], sessions[1]));
        } else {
            ways.end(() -> isOver(sessions[0]) && isOver(sessions[1]));
        }
    }

    private static boolean isOver(@Nullable PeerSession session) {
        return session == null || session.isDisposed();
    }

    private void settle() {
        runTurn();
        check();
    }

    private void advance(Duration by) {
        settle();
        network.advance(by);
        check();
    }

    private void check() {
        for (int side = 0; side < 2; side++) {
            oracles[side].check();
            PeerSession session = sessions[side];
            if (live && session != null && session.isDisposed()) {
                violations.add(NAMES[side] + "'s session ended by itself: "
                        + session.onClose().block());
            }
            Talk talk = talks[side];
            if (talk != null) {
                talk.checkSettled(live);
            }
        }
        epochs.forEach(Epoch::checkSettled);
    }

    private void perform(Operation operation) {
        if (operation.what() == Operation.What.OPEN) {
            open(operation);
            return;
        }
        int side = operation.side();
        int amount = operation.amount();
        PeerSession session = sessions[side];
        Talk talk = talks[side];
        switch (operation.what()) {
            case ASK -> talk.ask(size(amount));
            case TELL -> talk.tell(size(amount));
            case END_SESSION -> end(session, amount % 2 == 0);
            case LOSE -> {
                ended();
                ways.cut();
            }
            default -> {
                Epoch epoch = slots[operation.slot()];
                if (epoch != null && epoch.hasHandle(side)) {
                    epoch.touched();
                    perform(operation.what(), epoch, side, amount);
                }
            }
        }
    }

    private static void perform(Operation.What what, Epoch epoch, int side, int amount) {
        switch (what) {
            case SEND -> epoch.send(side);
            case RECEIVE -> epoch.receive(side);
            case PRODUCE -> {
                int size = size(amount);
                epoch.from(side).produce(1 + amount / SIZES.length % (size > 2_000 ? 4 : 150), size);
            }
            case REQUEST -> epoch.to(side).request(amount % 16 == 0 ? 100_000 : 1 + amount % 80);
            case COMPLETE -> epoch.from(side).complete();
            case FAIL -> epoch.from(side).fail();
            case CANCEL_SEND -> epoch.from(side).cancelSend();
            case CANCEL_RECEIVE -> epoch.to(side).cancelReceive();
            case CLOSE -> epoch.close(side);
            case DISPOSE -> epoch.dispose(side);
            default -> throw new IllegalArgumentException(what + " is not done to a stream");
        }
    }

    private void open(Operation operation) {
        Epoch old = slots[operation.slot()];
        int side = operation.side();
        if (!live || old != null && old.opener() != side && old.from(0).isLive()) {
            return;
        }
        StreamId id = new StreamId(++ids);
        if (old != null && old.opener() == side && operation.amount() % 2 == 0) {
            if (!old.opensAnew()) {
                return;
            }
            old.because(Cause.REOPENED);
            id = old.id;
        } else if (old != null) {
            old.dispose(side);
        }
        String number = String.valueOf(++opened);
        int declared = operation.amount() / 2 % Epoch.DECLARED.size();
        StreamConfig config = Epoch.config(operation.amount() / 2 / Epoch.DECLARED.size());
        StreamOpen open = StreamOpen.named(String.valueOf(declared)).withHeaders(Headers.of("number", number));
        PeerStream handle = sessions[side].openStream(id, open, config);
        Epoch epoch = new Epoch(
                "stream " + number + " of " + NAMES[side], id, side, handle, declared, setup, violations::add);
        slots[operation.slot()] = epoch;
        epochs.add(epoch);
        byNumber.put(number, epoch);
        boolean sends = operation.amount() % 5 > 0;
        boolean anew = old != null && id.equals(old.id);
        if (sends) {
            epoch.send(side);
        }
        // a handle opens nothing until it is used: only then the life before it is over
        if (operation.amount() % 7 > 0 || anew && !sends) {
            epoch.receive(side);
        }
    }

    private static int size(int amount) {
        return SIZES[amount % SIZES.length];
    }

    private void end(PeerSession session, boolean atOnce) {
        ended();
        if (atOnce) {
            session.dispose();
        } else {
            session.close().subscribe();
        }
    }

    private void ended() {
        live = false;
        epochs.forEach(epoch -> epoch.because(Cause.SESSION_ENDED));
    }

    private void connect() {
        if (live) {
            return;
        }
        dial();
        ways.meet(() -> !isOver(sessions[0]) && !isOver(sessions[1]));
        if (isOver(sessions[0]) || isOver(sessions[1])) {
            violations.add("connecting led to no session");
            return;
        }
        live = true;
        for (int side = 0; side < 2; side++) {
            talks[side] = new Talk(NAMES[side], sessions[side], violations::add);
        }
    }

    /** Over datagrams a handshake fails whose host is at another address in the midst of it. */
    private void dial() {
        nodes[0].connect(network.address("B")).subscribe(session -> sessions[0] = session, failure -> {
            if (setup.carriage() == Carriage.DATAGRAMS) {
                dial();
            } else {
                violations.add("connecting has failed: " + failure);
            }
        });
    }

    /** Ends all streams, half of the times only after all that was produced has been asked for. */
    private void finish(int how) {
        settle();
        if (how % 2 == 0) {
            for (Epoch epoch : epochs) {
                epoch.touched();
                for (int side = 0; side < 2; side++) {
                    epoch.from(side).complete();
                    epoch.from(side).request(1_000_000);
                }
            }
            settle();
        }
        for (Epoch epoch : epochs) {
            epoch.dispose(how / 2 % 2);
            epoch.dispose(1 - how / 2 % 2);
        }
        settle();
        if (epochs.stream().anyMatch(Epoch::needsTime)) {
            network.advance(setup.everyTimeout());
        }
        check();
        epochs.forEach(Epoch::checkOver);
        epochs.clear();
        byNumber.clear();
        Arrays.fill(slots, null);
        connect();
    }

    /** Ends it all and checks that nothing is left. */
    void finishNodes() {
        turn.clear();
        finish(0);
        live = false;
        for (PeerNode node : nodes) {
            node.dispose();
        }
        ways.close(List.of(nodes[0], nodes[1]));
        NodeOracle.checkNothingLeft(network);
        for (NodeOracle oracle : oracles) {
            oracle.checkClosed();
        }
        NodeOracle.checkNothingLeft(network);
    }

    @Override
    public void close() {
        network.close();
    }
}
