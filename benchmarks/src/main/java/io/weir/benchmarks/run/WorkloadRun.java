package io.weir.benchmarks.run;

import io.weir.benchmarks.measure.CountSeries;
import io.weir.benchmarks.measure.Figure;
import io.weir.benchmarks.measure.Ratios;
import io.weir.benchmarks.peer.Workload;
import io.weir.benchmarks.result.CellResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All candidates under one workload: started, warmed up in turn, measured round by round, each alone while the others
 * idle, by fresh processes every few rounds, until their ratios have settled; then, each alone again, their system calls and their cold starts.
 */
final class WorkloadRun implements AutoCloseable {
    private static final Duration SLICE = Duration.ofSeconds(2);

    private final Settings settings;
    private final Workload workload;
    private final String subject;
    private final Consumer<String> progress;
    private final List<Contestant> contestants;
    private final Duration lifetime;

    /**
     * A run that has not begun.
     *
     * @param subject id of the candidate that the others are compared with
     * @param progress told in a line what happens
     */
    WorkloadRun(
            Settings settings,
            Workload workload,
            List<Candidate> candidates,
            String subject,
            Consumer<String> progress) {
        this.settings = settings;
        this.workload = workload;
        this.subject = subject;
        this.progress = progress;
        this.contestants = candidates.stream()
                .map(candidate -> new Contestant(candidate, workload))
                .toList();
        this.lifetime = settings.lifetime(candidates.size());
    }

    /** Where a side's flight recording is. */
    static Path recording(Settings settings, String workload, String candidate, String role) {
        return settings.logs().resolve(workload + "-" + candidate + "-" + role + ".jfr");
    }

    /** Measures everything; what goes wrong with a candidate becomes its failed result. */
    List<CellResult> measure() throws InterruptedException {
        for (Contestant contestant : contestants) {
            contestant.start(settings, lifetime);
            tellFailure(contestant);
        }
        warmUp();
        if (settings.isProfiling()) {
            everyone(contestant -> contestant.take(Pair::record));
        }
        rounds();
        if (workload.link().isEmpty()) {
            contestants.forEach(Contestant::requireIdle);
        } // else a paused sender goes on for as long as the path takes for what was granted already
        if (settings.isProfiling()) {
            everyone(contestant -> contestant.take(
                    pair -> pair.dump(recording(contestant, "server"), recording(contestant, "client"))));
        } else {
            countSystemCalls();
            coldStarts();
        }
        everyone(this::tellFailure);
        return contestants.stream().map(Contestant::result).toList();
    }

    @Override
    public void close() {
        contestants.forEach(Contestant::close);
    }

    /** Each alone, in slices, so that all get warm at about the same time. */
    private void warmUp() throws InterruptedException {
        Duration left = Duration.ofSeconds(settings.warmupSeconds());
        for (int slices = 0; !left.isNegative() && !left.isZero(); slices++) {
            Duration slice = left.compareTo(SLICE) < 0 ? left : SLICE;
            for (Contestant contestant : Order.of(slices, contestants)) {
                contestant.take(pair -> {
                    pair.resume();
                    pair.pass(slice);
                    pair.pause();
                });
            }
            left = left.minus(slice);
        }
        everyone(this::tellFailure);
    }

    private void rounds() throws InterruptedException {
        int rounds = 0;
        do {
            if (settings.isFreshAfter(rounds)) {
                startAnew();
            }
            for (Contestant contestant : Order.of(rounds, contestants)) {
                window(contestant);
            }
            rounds++;
            if (rounds % settings.rule().minRounds() == 0) {
                progress.accept("  " + rounds + " rounds" + spreads());
            }
        } while (isAnyLeft() && !settings.rule().isEnough(rounds, ratios()));
        progress.accept("  ended after " + rounds + " rounds" + spreads());
    }

    /** Two pairs of the same program differ, in what was compiled and where their memory lies, by more than rounds do. */
    private void startAnew() throws InterruptedException {
        for (Contestant contestant : contestants) {
            contestant.startAnew(settings, lifetime);
        }
        warmUp();
    }

    private boolean isAnyLeft() {
        return contestants.stream().anyMatch(contestant -> !contestant.isOut());
    }

    private void window(Contestant contestant) throws InterruptedException {
        contestant.take(pair -> {
            pair.resume();
            pair.pass(workload.link().isPresent() ? Settings.LONG_RAMP : Settings.RAMP);
            List<Contestant.Idleness> others = contestants.stream()
                    .filter(other -> other != contestant)
                    .map(Contestant::idleness)
                    .toList();
            Pair.Samples before = pair.sample();
            pair.pass(Duration.ofSeconds(settings.windowSeconds()));
            Pair.Samples after = pair.sample();
            others.forEach(Contestant.Idleness::end);
            pair.pause();
            contestant.add(pair.window(before, after));
        });
    }

    private void countSystemCalls() throws InterruptedException {
        Optional<SystemCallCounter> counter = SystemCallCounter.find(settings.logs());
        if (counter.isEmpty()) {
            progress.accept("  system calls are not counted: neither perf nor strace may");
            return;
        }
        for (Contestant contestant : contestants) {
            contestant.take(pair -> countSystemCalls(counter.get(), contestant, pair));
        }
    }

    /** A tool that fails takes a figure away and nobody out of the run. */
    private void countSystemCalls(SystemCallCounter counter, Contestant contestant, Pair pair)
            throws PeerFailure, InterruptedException {
        try {
            Duration time = Duration.ofSeconds(settings.windowSeconds());
            contestant.add(counter.count(pair, contestant.name(), time));
        } catch (IOException e) {
            progress.accept("  system calls of " + contestant.candidate().id() + " are not counted: " + e.getMessage());
        }
    }

    private void coldStarts() throws InterruptedException {
        ColdStarts cold = new ColdStarts(settings, workload, lifetime);
        for (int pair = 0; pair < settings.cold().pairs(); pair++) {
            for (Contestant contestant : Order.of(pair, contestants)) {
                int number = pair;
                contestant.take(warm -> coldStart(cold, contestant, warm, number));
            }
        }
    }

    /** A fresh pair that fails takes a figure away and not those of the warm one. */
    private void coldStart(ColdStarts cold, Contestant contestant, Pair warm, int number)
            throws PeerFailure, InterruptedException {
        double before = cold.speed(warm);
        Optional<CountSeries> series = Optional.empty();
        try {
            series = Optional.of(cold.series(contestant.candidate(), number));
        } catch (PeerFailure | IOException e) {
            progress.accept("  a cold start failed: " + e.getMessage());
        }
        double after = cold.speed(warm);
        series.ifPresent(found -> contestant.add(cold.observation((before + after) / 2, found)));
    }

    /** Every ratio for which the rounds go on. */
    private List<Ratios> ratios() {
        Optional<Contestant> base = contestants.stream()
                .filter(contestant -> contestant.candidate().id().equals(subject) && !contestant.isOut())
                .findFirst();
        List<Ratios> ratios = new ArrayList<>();
        for (Contestant other : contestants) {
            if (base.isPresent() && other != base.get() && !other.isOut()) {
                Arrays.stream(Figure.values())
                        .filter(figure ->
                                figure.settles() && figure.isIn(other.windows().get(0)))
                        .forEach(figure ->
                                ratios.add(Ratios.of(figure, base.get().windows(), other.windows())));
            }
        }
        return ratios;
    }

    private String spreads() {
        return ratios().stream().mapToDouble(Ratios::spread).max().stream()
                .mapToObj(spread -> Double.isInfinite(spread)
                        ? ""
                        : String.format(Locale.ROOT, ", widest spread of a ratio %.1f %%", spread * 100))
                .findFirst()
                .orElse("");
    }

    private Path recording(Contestant contestant, String role) {
        return recording(settings, workload.id(), contestant.candidate().id(), role);
    }

    private void tellFailure(Contestant contestant) {
        if (contestant.isOut()) {
            progress.accept("  " + contestant.candidate().id() + " is out: " + contestant.failure());
        }
    }

    /** Something to do with every contestant. */
    private interface Step {
        void with(Contestant contestant) throws InterruptedException;
    }

    private void everyone(Step step) throws InterruptedException {
        for (Contestant contestant : contestants) {
            step.with(contestant);
        }
    }
}
