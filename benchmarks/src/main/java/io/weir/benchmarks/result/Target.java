package io.weir.benchmarks.result;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A figure that Weir is to reach, by medians of one run.
 *
 * @param workload the workload it holds for
 * @param quantity what is bounded
 * @param over for a ratio, the peer below the line; empty otherwise
 * @param level whether it is required or hoped for
 * @param bound the figure: at least, or for an allocation at most
 * @param fromJdk the JDK feature number from which it holds
 */
public record Target(String workload, Quantity quantity, String over, Level level, double bound, int fromJdk) {
    /** What a target bounds. */
    public enum Quantity {
        /** Weir's rate divided by a peer's. */
        RATIO,
        /** Weir's elements per second. */
        RATE,
        /** Heap bytes that Weir's receiving process allocates for an element. */
        RECEIVER_ALLOCATION
    }

    /** How much a target binds. */
    public enum Level {
        /** A check fails if it is missed. */
        REQUIRED,
        /** Reported only. */
        MOONSHOT
    }

    /**
     * A target held against a run.
     *
     * @param target the target
     * @param measured the figure reached
     * @param met whether that is enough
     */
    public record Verdict(Target target, double measured, boolean met) {}

    private static final int ANY_JDK = 17;
    private static final int JDK_25 = 25;

    private static final List<Target> ALL = List.of(
            ratio("S-64", "rsocket", Level.REQUIRED, 4),
            ratio("S-64", "raw-tls", Level.REQUIRED, 0.8),
            new Target("S-64", Quantity.RECEIVER_ALLOCATION, "", Level.REQUIRED, 150, ANY_JDK),
            new Target("S-64", Quantity.RATE, "", Level.MOONSHOT, 10e6, ANY_JDK),
            ratio("S-64", "rsocket", Level.MOONSHOT, 10),
            ratio("S-1K", "rsocket", Level.REQUIRED, 1.8),
            ratio("S-1K", "raw-tls", Level.REQUIRED, 1.8),
            ratio("S-1K", "rsocket", Level.MOONSHOT, 2.3),
            ratio("S-1K", "raw-tls", Level.MOONSHOT, 2.3),
            new Target("S-1K", Quantity.RATE, "", Level.MOONSHOT, 3e6, JDK_25),
            ratio("S-16K", "raw-tls", Level.REQUIRED, 0.8),
            ratio("S-16K", "raw-tls", Level.MOONSHOT, 1),
            new Target("S-16K", Quantity.RATIO, "raw-tls", Level.MOONSHOT, 1.4, JDK_25),
            ratio("F-1K", "rsocket", Level.REQUIRED, 1.6),
            ratio("F-1K", "rsocket", Level.MOONSHOT, 2.2));

    /** All targets, in the order of the table. */
    public static List<Target> all() {
        return ALL;
    }

    /** The verdicts on a run: of every target whose JDK, workload and peers were measured. */
    public static List<Verdict> judge(Results results) {
        return ALL.stream()
                .map(target -> target.verdict(results))
                .flatMap(Optional::stream)
                .toList();
    }

    /** This target held against a run, or nothing if the run does not tell. */
    public Optional<Verdict> verdict(Results results) {
        if (results.run().jdkFeature() < fromJdk) {
            return Optional.empty();
        }
        OptionalDouble measured = measure(results);
        return measured.isEmpty()
                ? Optional.empty()
                : Optional.of(new Verdict(this, measured.getAsDouble(), isMetBy(measured.getAsDouble())));
    }

    /** The target in words, for example {@code at least 4.0x rsocket}. */
    public String text() {
        return switch (quantity) {
            case RATIO -> String.format(Locale.ROOT, "at least %.1fx %s", bound, over);
            case RATE -> "at least " + Units.rate(bound);
            case RECEIVER_ALLOCATION -> String.format(Locale.ROOT, "at most %.0f B allocated by the receiver", bound);
        };
    }

    private static Target ratio(String workload, String over, Level level, double bound) {
        return new Target(workload, Quantity.RATIO, over, level, bound, ANY_JDK);
    }

    private boolean isMetBy(double measured) {
        return quantity == Quantity.RECEIVER_ALLOCATION ? measured <= bound : measured >= bound;
    }

    private OptionalDouble measure(Results results) {
        Optional<CellResult> subject = results.measured(workload, Results.SUBJECT);
        if (subject.isEmpty()) {
            return OptionalDouble.empty();
        }
        return switch (quantity) {
            case RATIO ->
                results.measured(workload, over)
                        .map(peer -> OptionalDouble.of(subject.get().rate().ratioTo(peer.rate())))
                        .orElse(OptionalDouble.empty());
            case RATE -> OptionalDouble.of(subject.get().rate().median());
            case RECEIVER_ALLOCATION ->
                OptionalDouble.of(subject.get().receiverAllocatedBytes().median());
        };
    }
}
