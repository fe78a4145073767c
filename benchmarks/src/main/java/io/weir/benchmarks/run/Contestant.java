package io.weir.benchmarks.run;

import io.weir.benchmarks.child.Peers;
import io.weir.benchmarks.child.SideProcess;
import io.weir.benchmarks.measure.IdleMeter;
import io.weir.benchmarks.measure.Window;
import io.weir.benchmarks.peer.Workload;
import io.weir.benchmarks.result.CellResult;
import io.weir.benchmarks.result.ColdStart;
import io.weir.benchmarks.result.CountedCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One candidate in a workload's run: its pair of processes and what was found about it so far. Once something has gone
 * wrong with it, it is out of the run and the others go on.
 */
final class Contestant implements AutoCloseable {

    private final Candidate candidate;
    private final Workload workload;
    private final List<Window> windows = new ArrayList<>();
    private final IdleMeter idle = new IdleMeter();
    private final List<ColdStart.Observation> coldStarts = new ArrayList<>();
    private Optional<CountedCalls> systemCalls = Optional.empty();
    private String detail = "";
    private String failure = "";
    private @Nullable Pair pair;

    /** Something to do with the pair of a contestant that is still in the run. */
    interface Turn {
        void take(Pair pair) throws PeerFailure, IOException, InterruptedException;
    }

    Contestant(Candidate candidate, Workload workload) {
        this.candidate = candidate;
        this.workload = workload;
    }

    /** What is measured. */
    Candidate candidate() {
        return candidate;
    }

    /** Its windows, one for each round. */
    List<Window> windows() {
        return List.copyOf(windows);
    }

    /** Whether it is out of the run. */
    boolean isOut() {
        return !failure.isEmpty();
    }

    /** Why it is out of the run, empty otherwise. */
    String failure() {
        return failure;
    }

    /** Starts its processes, idle. */
    void start(Settings settings, Duration lifetime) throws InterruptedException {
        try {
            Pair started = Pair.start(settings, workload, candidate, name(), SideProcess.PAUSED, lifetime);
            pair = started;
            detail = started.detail();
        } catch (PeerFailure | IOException e) {
            fail(e);
        }
    }

    /** Fresh processes in place of those that served so far, unless it is out of the run. */
    void startAnew(Settings settings, Duration lifetime) throws InterruptedException {
        if (!isOut()) {
            close();
            start(settings, lifetime);
        }
    }

    /** Of the names of its logs. */
    String name() {
        return workload.id() + "-" + candidate.id();
    }

    /** Does something with its pair, unless it is out of the run; what goes wrong puts it out. */
    void take(Turn turn) throws InterruptedException {
        if (pair == null || isOut()) {
            return;
        }
        try {
            turn.take(pair);
        } catch (PeerFailure | IOException e) {
            fail(e);
        }
    }

    /** Runs something during which it is to be idle, and notes what it used nevertheless. */
    Idleness idleness() {
        return new Idleness();
    }

    /** Adds the window of a round. */
    void add(Window window) {
        windows.add(window);
    }

    /** Adds what was counted in a window of its own. */
    void add(CountedCalls calls) {
        systemCalls = Optional.of(calls);
    }

    /** Adds what a fresh pair of its processes did. */
    void add(ColdStart.Observation observation) {
        coldStarts.add(observation);
    }

    /** Puts it out of the run if it does not idle when it is paused. */
    void requireIdle() {
        if (!isOut() && idle.medianShare() > Peers.byId(candidate.peer()).mostIdleShare()) {
            fail(new PeerFailure(String.format(
                    Locale.ROOT,
                    "%s does not idle: its processes use %.1f %% of a processor in half of the windows of others",
                    name(),
                    idle.medianShare() * 100)));
        }
    }

    /** What was found. */
    CellResult result() {
        return isOut()
                ? CellResult.failed(workload.id(), candidate.id(), failure)
                : new CellResult(
                        workload.id(),
                        candidate.id(),
                        detail,
                        windows,
                        new CellResult.Extras(idle.share(), systemCalls, new ColdStart(coldStarts).ifAny()),
                        "");
    }

    @Override
    public void close() {
        if (pair != null) {
            pair.close();
            pair = null;
        }
    }

    private void fail(Exception reason) {
        failure = reason.getMessage() == null ? reason.toString() : reason.getMessage();
        close();
    }

    /** A time in which the contestant is to be idle. */
    final class Idleness {
        private final long beginNanos = System.nanoTime();
        private final Duration cpu = pair == null ? Duration.ZERO : pair.cpu();

        private Idleness() {}

        /** Ends it. */
        void end() {
            if (pair != null) {
                idle.add(
                        Duration.ofNanos(System.nanoTime() - beginNanos),
                        pair.cpu().minus(cpu));
            }
        }
    }
}
