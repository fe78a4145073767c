package io.weir.test.simulation;

import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.core.wire.Headers;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.test.network.SimulatedNetwork;
import io.weir.test.simulation.Direction.Load;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that a user wants done by a stream to a peer, in both directions: begun anew on the next session when a session
 * ends before it is done.
 */
final class Errand {

    private final String name;
    private final SimulatedNetwork network;
    private final Plan plan;
    private final Map<String, Errand.Try> tries;
    private final Consumer<String> violations;
    private final List<Try> all = new ArrayList<>();
    private @Nullable Try current;
    private boolean abandoned;
    private boolean calm;

    /**
     * @param declared which of {@link Epoch#DECLARED} the peer has
     * @param opener configuration of the opener
     * @param initialWindows of the opener's node and of the peer's
     */
    record Plan(StreamId id, int declared, StreamConfig opener, int[] initialWindows, Load there, Load back) {}

    Errand(String name, SimulatedNetwork network, Plan plan, Map<String, Try> tries, Consumer<String> violations) {
        this.name = name;
        this.network = network;
        this.plan = plan;
        this.tries = tries;
        this.violations = violations;
    }

    /** On this new session, unless it is done. */
    void begin(PeerSession session) {
        if (isDone()) {
            return;
        }
        String number = String.valueOf(tries.size());
        StreamOpen open = StreamOpen.named(String.valueOf(plan.declared())).withHeaders(Headers.of("number", number));
        Try next = new Try(name + " try " + all.size());
        tries.put(number, next);
        all.add(next);
        current = next;
        next.begin(session.openStream(plan.id(), open, plan.opener()));
    }

    /** A user breaks it off, in one of five ways, and does not want it any more. */
    void breakOff(int how) {
        Try now = current;
        if (now != null && now.opened != null && !isDone()) {
            abandoned = true;
            now.breakOff(now.opened, how);
        }
    }

    /** Whoever stalled goes on, here and in what is begun from now on. */
    void resume() {
        calm = true;
        all.forEach(one -> {
            one.there.resume();
            one.back.resume();
        });
    }

    boolean isDone() {
        return abandoned || current != null && current.there.isDone() && current.back.isDone();
    }

    void check() {
        all.forEach(one -> {
            one.there.check();
            one.back.check();
        });
    }

    void checkSettled() {
        if (current != null) {
            current.there.checkSettled();
            current.back.checkSettled();
        }
    }

    void checkOver() {
        all.forEach(one -> {
            one.there.checkOver();
            one.back.checkOver();
        });
    }

    @Override
    public String toString() {
        return name + " " + (current == null ? "never begun" : current.there + " and " + current.back);
    }

    /** One life of its stream. */
    final class Try {
        private final Direction there;
        private final Direction back;
        private @Nullable PeerStream opened;

        private Try(String tryName) {
            StreamConfig accepting = Epoch.DECLARED.get(plan.declared());
            there = new Direction(
                    tryName + " there",
                    network,
                    plan.there(),
                    plan.opener().reliability(),
                    plan.initialWindows()[1],
                    accepting,
                    violations);
            back = new Direction(
                    tryName + " back",
                    network,
                    plan.back(),
                    accepting.reliability(),
                    plan.initialWindows()[0],
                    plan.opener(),
                    violations);
        }

        private void begin(PeerStream stream) {
            opened = stream;
            there.sendFrom(stream);
            back.receiveAt(stream);
            if (calm) {
                back.resume();
            }
        }

        /** At the peer. */
        void accepted(PeerStream stream) {
            back.sendFrom(stream);
            there.receiveAt(stream);
            if (calm) {
                there.resume();
            }
        }

        private void breakOff(PeerStream stream, int how) {
            there.broken();
            back.broken();
            switch (how) {
                case 0 -> stream.dispose();
                case 1 -> stream.close().subscribe(none -> {}, e -> {});
                case 2 -> there.cancelSend();
                case 3 -> back.cancelReceive();
                default -> there.cancelReceive();
            }
        }
    }
}
