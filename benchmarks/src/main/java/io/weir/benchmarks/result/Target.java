package io.weir.benchmarks.result;

import io.weir.benchmarks.measure.Figure;
import io.weir.benchmarks.measure.Ratios;
import io.weir.benchmarks.peer.Workloads;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * A figure that Weir is to reach in one run: a ratio by the median of the ratios by round, anything else by the median of
 * the windows.
 *
 * @param peer the peer that is to reach it: Weir over TCP, or over datagrams
 * @param workload the workload it holds for
 * @param quantity what is bounded
 * @param over for a ratio, the peer below the line; empty otherwise
 * @param level whether it is required or hoped for
 * @param bound the figure: at least, or for an allocation or a latency at most
 * @param fromJdk the JDK feature number from which it holds
 */
public record Target(
        String peer, String workload, Quantity quantity, String over, Level level, double bound, int fromJdk) {
    /** What a target bounds. */
    public enum Quantity {
        /** Weir's rate divided by a peer's. */
        RATIO,
        /** Weir's elements or requests per second. */
        RATE,
        /** Heap bytes that Weir's receiving process allocates for an element. */
        RECEIVER_ALLOCATION,
        /** Heap bytes that both of Weir's processes allocate for an element. */
        ALLOCATION,
        /** Weir's median latency divided by a peer's. */
        P50_RATIO,
        /** Weir's 99th percentile of latency divided by a peer's. */
        P99_RATIO
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
     * @param ratios by round, where the target is a ratio
     */
    public record Verdict(Target target, double measured, boolean met, Optional<Ratios> ratios) {}

    private static final String WEIR = "weir";
    private static final String WEIR_UDP = "weir-udp";
    private static final String WEIR_QUIC = "weir-quic";
    private static final String RAW_QUIC = "quic-gso";
    private static final int ANY_JDK = 17;
    private static final int JDK_25 = 25;

    private static final List<Target> ALL = List.of(
            ratio("S-64", "rsocket", Level.REQUIRED, 4),
            ratio("S-64", "raw-tls", Level.REQUIRED, 0.8),
            new Target(WEIR, "S-64", Quantity.RECEIVER_ALLOCATION, "", Level.REQUIRED, 150, ANY_JDK),
            new Target(WEIR, "S-64", Quantity.RATE, "", Level.MOONSHOT, 10e6, ANY_JDK),
            ratio("S-64", "rsocket", Level.MOONSHOT, 10),
            ratio("S-1K", "rsocket", Level.REQUIRED, 1.8),
            ratio("S-1K", "raw-tls", Level.REQUIRED, 1.5),
            ratio("S-1K", "rsocket", Level.MOONSHOT, 2.3),
            ratio("S-1K", "raw-tls", Level.MOONSHOT, 2.3),
            new Target(WEIR, "S-1K", Quantity.RATE, "", Level.MOONSHOT, 3e6, JDK_25),
            ratio("S-16K", "raw-tls", Level.REQUIRED, 1.2),
            new Target(WEIR, "S-16K", Quantity.RATIO, "raw-tls", Level.MOONSHOT, 1.4, JDK_25),
            ratio("F-1K", "rsocket", Level.REQUIRED, 1.6),
            ratio("F-1K", "rsocket", Level.MOONSHOT, 2.2),
            new Target(WEIR, "R1", Quantity.P50_RATIO, "raw-tls", Level.REQUIRED, 1.15, ANY_JDK),
            ratio("R256", "rsocket", Level.REQUIRED, 3),
            new Target(WEIR, "R256", Quantity.P99_RATIO, "rsocket", Level.REQUIRED, 0.5, ANY_JDK),
            new Target(WEIR, "R256", Quantity.RATE, "", Level.MOONSHOT, 1.5e6, ANY_JDK),
            overDatagrams("S-64", "quic-gso", Level.REQUIRED, 3),
            overDatagrams("S-64", "aeron", Level.REQUIRED, 1),
            new Target(WEIR_UDP, "S-64", Quantity.RATE, "", Level.MOONSHOT, 10e6, ANY_JDK),
            new Target(WEIR_UDP, "S-1K", Quantity.ALLOCATION, "", Level.REQUIRED, 1_600, ANY_JDK),
            new Target(WEIR_UDP, "S-1K", Quantity.ALLOCATION, "", Level.MOONSHOT, 1_200, ANY_JDK),
            overDatagrams("S-16K", "quic-gso", Level.REQUIRED, 1.5),
            overDatagrams("S-16K", "raw-udp", Level.REQUIRED, 0.4),
            overDatagrams("S-16K", "aeron", Level.REQUIRED, 1.5),
            overDatagrams("S-16K", "quic-gso", Level.MOONSHOT, 2.5),
            overDatagrams("S-16K", "raw-udp", Level.MOONSHOT, 0.6),
            overDatagrams("S-16K", "aeron", Level.MOONSHOT, 3),
            overDatagrams("F-1K", "quic-gso", Level.REQUIRED, 2),
            overDatagrams("F-1K", "quic-gso", Level.MOONSHOT, 4),
            new Target(WEIR_UDP, "R1", Quantity.P50_RATIO, "quic-gso", Level.REQUIRED, 1.1, ANY_JDK),
            new Target(WEIR_UDP, "R1", Quantity.P50_RATIO, "quic-gso", Level.MOONSHOT, 1, ANY_JDK),
            overDatagrams("R256", "quic-gso", Level.REQUIRED, 1),
            overDatagrams("R256", "quic-gso", Level.MOONSHOT, 1.5),
            overQuic("S-16K", Level.REQUIRED, 0.9),
            overQuic("S-1K", Level.REQUIRED, 0.9),
            overQuic("F-1K", Level.REQUIRED, 1),
            overQuic("F-1K", Level.MOONSHOT, 1.1),
            new Target(WEIR_QUIC, "R1", Quantity.P50_RATIO, RAW_QUIC, Level.REQUIRED, 1.1, ANY_JDK),
            overQuic("R256", Level.REQUIRED, 0.9));

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
        return switch (quantity) {
            case RATIO -> verdict(results, Figure.RATE);
            case P50_RATIO -> verdict(results, Figure.P50);
            case P99_RATIO -> verdict(results, Figure.P99);
            case RATE -> verdict(results, weir -> weir.rate().median());
            case RECEIVER_ALLOCATION -> verdict(results, Target::receiverAllocation);
            case ALLOCATION ->
                verdict(results, weir -> weir.senderAllocatedBytes().median() + receiverAllocation(weir));
        };
    }

    /** The target in words, for example {@code at least 4.0x rsocket}, behind the peer's name if that is another than Weir. */
    public String text() {
        return peer.equals(WEIR) ? bounds() : peer + ": " + bounds();
    }

    private String bounds() {
        return switch (quantity) {
            case RATIO -> String.format(Locale.ROOT, "at least %.1fx %s", bound, over);
            case RATE -> "at least " + Units.rate(bound, Workloads.byId(workload));
            case RECEIVER_ALLOCATION -> String.format(Locale.ROOT, "at most %.0f B allocated by the receiver", bound);
            case ALLOCATION -> String.format(Locale.ROOT, "at most %.0f B allocated by both sides", bound);
            case P50_RATIO -> String.format(Locale.ROOT, "p50 at most %.2fx %s", bound, over);
            case P99_RATIO -> String.format(Locale.ROOT, "p99 at most %.2fx %s", bound, over);
        };
    }

    private static Target ratio(String workload, String over, Level level, double bound) {
        return new Target(WEIR, workload, Quantity.RATIO, over, level, bound, ANY_JDK);
    }

    private static Target overQuic(String workload, Level level, double bound) {
        return new Target(WEIR_QUIC, workload, Quantity.RATIO, RAW_QUIC, level, bound, ANY_JDK);
    }

    private static Target overDatagrams(String workload, String over, Level level, double bound) {
        return new Target(WEIR_UDP, workload, Quantity.RATIO, over, level, bound, ANY_JDK);
    }

    private boolean isMetBy(double measured) {
        return switch (quantity) {
            case RATIO, RATE -> measured >= bound;
            case RECEIVER_ALLOCATION, ALLOCATION, P50_RATIO, P99_RATIO -> measured <= bound;
        };
    }

    private Optional<Verdict> verdict(Results results, Figure figure) {
        return results.ratios(figure, workload, peer, over)
                .map(ratios -> verdict(ratios.median(), Optional.of(ratios)));
    }

    private Optional<Verdict> verdict(Results results, ToDoubleFunction<CellResult> figure) {
        return results.measured(workload, peer).map(weir -> verdict(figure.applyAsDouble(weir), Optional.empty()));
    }

    private static double receiverAllocation(CellResult weir) {
        return weir.receiverAllocatedBytes().median();
    }

    private Verdict verdict(double measured, Optional<Ratios> ratios) {
        return new Verdict(this, measured, isMetBy(measured), ratios);
    }
}
