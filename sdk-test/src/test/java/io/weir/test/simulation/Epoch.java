package io.weir.test.simulation;

import io.weir.core.stream.CloseBehavior;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.PeerStream;
import io.weir.test.simulation.Flow.Cause;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One life of a stream, with a handle on it at each of the two sides. */
final class Epoch {

    private static final long[] WINDOWS = {StreamConfig.GROW_FREELY, 16, 100, 1_024, 5_000, 65_536};

    /** What the acceptors of both nodes declare, by name. */
    static final List<StreamConfig> DECLARED = List.of(
            StreamConfig.reliable(),
            StreamConfig.fireAndForget(),
            StreamConfig.reliable().withFixedWindow(65_536),
            StreamConfig.reliable().withFixedWindow(1_000),
            StreamConfig.reliable().withWindow(0),
            StreamConfig.fireAndForget().withFixedWindow(48),
            StreamConfig.reliable().withFairnessWeight(7).withWindow(4_096));

    final StreamId id;
    private final int opener;
    private final @Nullable PeerStream[] handles = new PeerStream[2];
    private final StreamConfig[] configs = new StreamConfig[2];
    private final Flow[] flows = new Flow[2];
    private final Closing[] closings = {new Closing(), new Closing()};
    private boolean settled;

    Epoch(String name, StreamId id, int opener, PeerStream handle, int declared, Setup setup, Consumer<String> broken) {
        this.id = id;
        this.opener = opener;
        handles[opener] = handle;
        configs[opener] = handle.config();
        configs[1 - opener] = DECLARED.get(declared);
        for (int from = 0; from < 2; from++) {
            flows[from] = new Flow(
                    name + (from == 0 ? " A>B" : " B>A"),
                    configs[from].reliability(),
                    setup.initialWindow(1 - from),
                    configs[1 - from],
                    setup.lossy(),
                    broken);
        }
    }

    /** One of the configurations that an opener may have. */
    static StreamConfig config(int choice) {
        StreamConfig base = choice % 3 == 0 ? StreamConfig.fireAndForget() : StreamConfig.reliable();
        long window = WINDOWS[choice / 3 % WINDOWS.length];
        boolean fixed = window != StreamConfig.GROW_FREELY && choice / 18 % 2 == 0;
        StreamConfig sized = fixed ? base.withFixedWindow(window) : base.withWindow(window);
        return sized.withFairnessWeight(1 + choice / 36 % 3)
                .withCloseBehavior(
                        choice / 108 % 2 == 0 ? CloseBehavior.DRAIN_THEN_CLOSE : CloseBehavior.DROP_AND_CLOSE);
    }

    void accepted(PeerStream handle) {
        handles[1 - opener] = handle;
    }

    boolean hasHandle(int side) {
        return handles[side] != null;
    }

    Flow from(int side) {
        return flows[side];
    }

    Flow to(int side) {
        return flows[1 - side];
    }

    void send(int side) {
        PeerStream handle = handles[side];
        if (handle != null) {
            flows[side].sendFrom(handle);
        }
    }

    void receive(int side) {
        PeerStream handle = handles[side];
        if (handle != null) {
            flows[1 - side].receiveAt(handle);
        }
    }

    void close(int side) {
        PeerStream handle = handles[side];
        if (handle == null) {
            return;
        }
        if (handle.config().closeBehavior() == CloseBehavior.DROP_AND_CLOSE) {
            dropped(side);
        } else {
            from(side).because(Cause.SENDER_CLOSED);
            to(side).because(Cause.RECEIVER_CLOSED);
        }
        closings[side].begin(handle);
    }

    void dispose(int side) {
        PeerStream handle = handles[side];
        if (handle != null) {
            dropped(side);
            handle.dispose();
        }
    }

    /** What was sent whole, and is only still to be taken, is not taken back. */
    private void dropped(int side) {
        from(side).because(from(side).sendHasCompleted() ? Cause.SENDER_CLOSED : Cause.RESET);
        to(side).because(Cause.RESET);
    }

    void because(Cause cause) {
        flows[0].because(cause);
        flows[1].because(cause);
    }

    /** Whether its opener knows by now that it is over at least in part, so that its id opens a new one. */
    boolean opensAnew() {
        boolean told = flows[opener].sendHasFailed() || flows[1 - opener].receiveHasFailed();
        return told || settled && !flows[0].isLive() && !flows[1].isLive();
    }

    /** Something was done to it that has not settled. */
    void touched() {
        settled = false;
    }

    int opener() {
        return opener;
    }

    void checkSettled() {
        settled = true;
        for (Flow flow : flows) {
            flow.checkSettled();
        }
    }

    boolean needsTime() {
        return flows[0].needsTime() || flows[1].needsTime();
    }

    void checkOver() {
        for (Flow flow : flows) {
            flow.checkOver();
        }
        for (int side = 0; side < 2; side++) {
            flows[side].require(closings[side].isOver(), "close() has ended");
        }
    }

    @Override
    public String toString() {
        return flows[0] + "; " + flows[1];
    }

    /** The Monos of close(), of which there may be many. */
    private static final class Closing {
        private int begun;
        private int ended;

        void begin(PeerStream handle) {
            begun++;
            handle.close().subscribe(done -> {}, e -> ended++, () -> ended++);
        }

        boolean isOver() {
            return begun == ended;
        }
    }
}
