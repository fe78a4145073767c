package io.weir.benchmarks.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How cells are run.
 *
 * @param warmupSeconds time before the first window, 1 to 600
 * @param windows number of windows, 3 to 100
 * @param windowSeconds length of each, 1 to 600
 * @param jdk the JDK that both sides run on
 * @param isProfiling whether both sides make a flight recording during the windows
 * @param logs directory for the sides' logs and recordings
 */
record Settings(int warmupSeconds, int windows, int windowSeconds, Jdk jdk, boolean isProfiling, Path logs) {
    /** First JDK that warns of Netty's native code and memory access unless they are allowed by name. */
    private static final int WARNS_OF_NATIVE_ACCESS = 24;

    private static final int MAX_SECONDS = 600;
    private static final int MAX_WINDOWS = 100;
    private static final int MIN_WINDOWS = 3;
    private static final Duration GRACE = Duration.ofSeconds(120);

    Settings {
        requireRange("--warmup", warmupSeconds, 1, MAX_SECONDS);
        requireRange("--windows", windows, MIN_WINDOWS, MAX_WINDOWS);
        requireRange("--seconds", windowSeconds, 1, MAX_SECONDS);
    }

    /**
     * The options of both sides' processes: a heap of 1 GiB, and Netty's leak detector off, which would otherwise
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

    /** How long a side may live before it ends by itself. */
    Duration lifetime() {
        return GRACE.plusSeconds(warmupSeconds + (long) windows * windowSeconds);
    }

    private static void requireRange(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(option + " = " + value + ", legal: " + min + " to " + max);
        }
    }
}
