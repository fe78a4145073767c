package io.weir.benchmarks.run;

import io.weir.benchmarks.child.SideProcess;
import io.weir.benchmarks.measure.CountSeries;
import io.weir.benchmarks.measure.Window;
import io.weir.benchmarks.peer.Workload;
import io.weir.benchmarks.result.ColdStart;
import java.io.IOException;
import java.time.Duration;

/**
 * Observes fresh pairs of processes from their first connection on. What full speed is tells the warm pair of the same
 * candidate, in a window before and one after, so that a host that is slow now makes neither look slower than the other.
 */
final class ColdStarts {
    private final Settings settings;
    private final Workload workload;
    private final Duration lifetime;

    ColdStarts(Settings settings, Workload workload, Duration lifetime) {
        this.settings = settings;
        this.workload = workload;
        this.lifetime = lifetime;
    }

    /** What came of a fresh pair whose warm one has that speed, in elements or replies a second. */
    ColdStart.Observation observation(double fullSpeed, CountSeries series) {
        return new ColdStart.Observation(
                fullSpeed,
                series.secondsTo(ColdStart.SHARE * fullSpeed),
                settings.cold().seconds(),
                series);
    }

    /** Starts a fresh pair, observes it and ends it. */
    CountSeries series(Candidate candidate, int number) throws PeerFailure, IOException, InterruptedException {
        String name = workload.id() + "-" + candidate.id() + "-cold" + number;
        try (Pair cold = Pair.start(settings, workload, candidate, name, SideProcess.RUNNING, lifetime)) {
            cold.pass(Duration.ofSeconds(settings.cold().seconds()));
            return cold.series();
        }
    }

    /** The speed of the warm pair now. */
    double speed(Pair warm) throws PeerFailure, InterruptedException {
        warm.resume();
        warm.pass(Settings.RAMP);
        Pair.Samples from = warm.sample();
        warm.pass(Duration.ofSeconds(settings.windowSeconds()));
        Window window = warm.window(from, warm.sample());
        warm.pause();
        return window.elementsPerSecond();
    }
}
