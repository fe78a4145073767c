package io.weir.benchmarks.run;

import io.weir.benchmarks.measure.StoppingRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a run measures.
 *
 * @param jdk the JDK that all sides run on
 * @param warmupSeconds how long each peer is busy before the first round, 1 to 600
 * @param windowSeconds length of a window, 1 to 600
 * @param rule when there have been enough rounds
 * @param pairRounds how many rounds a pair of processes serves before a fresh one takes its place, 1 to 1000
 * @param cold how cold starts are measured
 * @param isProfiling whether all sides make a flight recording during the rounds
 * @param logs directory for the sides' logs and recordings
 */
record Settings(
        Jdk jdk,
        int warmupSeconds,
        int windowSeconds,
        StoppingRule rule,
        int pairRounds,
        Cold cold,
        boolean isProfiling,
        Path logs) {
    /** How long a peer is busy before its window begins: it fills its pipes again, and the last one runs dry. */
    static final Duration RAMP = Duration.ofMillis(250);

    /** The same where something lies between the sides that takes time. */
    static final Duration LONG_RAMP = Duration.ofSeconds(2);

    /** Rounds there may be at most. */
    static final int MOST_ROUNDS = 1000;

    /** First JDK that warns of Netty's native code and memory access unless they are allowed by name. */
    private static final int WARNS_OF_NATIVE_ACCESS = 24;

    private static final int MAX_SECONDS = 600;
    private static final int MAX_COLD = 20;
    private static final int SETUP_SECONDS = 100;
    private static final Duration GRACE = Duration.ofSeconds(120);

    /**
     * How cold starts are measured.
     *
     * @param pairs fresh pairs of processes for each peer, 0 to 20
     * @param seconds how long each is observed, 1 to 600
     */
    record Cold(int pairs, int seconds) {
        Cold {
            requireRange("--cold", pairs, 0, MAX_COLD);
            requireRange("--cold-seconds", seconds, 1, MAX_SECONDS);
        }
    }

    Settings {
        requireRange("--warmup", warmupSeconds, 1, MAX_SECONDS);
        requireRange("--seconds", windowSeconds, 1, MAX_SECONDS);
        requireRange("--fresh", pairRounds, 1, MOST_ROUNDS);
    }

    /** Whether fresh pairs of processes serve the round that follows so many others. */
    boolean isFreshAfter(int rounds) {
        return !isProfiling && rounds > 0 && rounds % pairRounds == 0;
    }

    /** The rule of these options; {@link IllegalArgumentException} names what is out of its range. */
    static StoppingRule rule(int rounds, int maxRounds, double spreadPercent) {
        requireRange("--rounds", rounds, 1, MOST_ROUNDS);
        requireRange("--max-rounds", maxRounds, rounds, MOST_ROUNDS);
        if (!(spreadPercent > 0 && spreadPercent <= 100)) {
            throw new IllegalArgumentException("--spread = " + spreadPercent + ", legal: above 0, up to 100");
        }
        return new StoppingRule(rounds, maxRounds, spreadPercent / 100);
    }

    /**
     * The options of all sides' processes: a heap of 1 GiB, and Netty's leak detector off, which would otherwise
     * sample every peer's buffers.
     */
    List<String> jvmOptions() {
        List<String> options = new ArrayList<>(List.of("-Xms1g", "-Xmx1g", "-Dio.netty.leakDetection.level=disabled"));
        if (jdk.feature() >= WARNS_OF_NATIVE_ACCESS) {
            options.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        if (isProfiling) {
            options.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints"));
        }
        return options;
    }

    /** How long a side may live before it ends by itself: twice what a workload of so many peers takes. */
    Duration lifetime(int peers) {
        long windows = rule.maxRounds() + 1L + 2L * cold.pairs();
        long seconds = SETUP_SECONDS
                + (long) warmupSeconds * (1 + rule.maxRounds() / pairRounds)
                + windows * (windowSeconds + 1 + LONG_RAMP.toSeconds())
                + (long) cold.pairs() * cold.seconds();
        return GRACE.plusSeconds(2 * peers * seconds);
    }

    private static void requireRange(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(option + " = " + value + ", legal: " + min + " to " + max);
        }
    }
}
