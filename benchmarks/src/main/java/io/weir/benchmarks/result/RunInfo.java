package io.weir.benchmarks.result;

import io.weir.benchmarks.measure.StoppingRule;
import java.util.List;
import java.util.Map;

/**
 * How, where and with what a run was measured.
 *
 * @param startedAt UTC time, ISO 8601, to the second
 * @param commit the commit measured, with {@code -dirty} behind it if the tree had changes
 * @param machine the machine
 * @param jdk version and vendor of the JDK that all sides ran on
 * @param jdkFeature its feature number, for example 17
 * @param versions library name to version
 * @param jvmOptions options of all sides' processes
 * @param warmupSeconds how long each peer was busy before the first round
 * @param rounds when there were enough rounds
 * @param pairRounds how many rounds each pair of processes served
 * @param windowSeconds length of a window
 * @param subject the peer that the others are compared with
 * @param peers peer id to its description
 */
public record RunInfo(
        String startedAt,
        String commit,
        Machine machine,
        String jdk,
        int jdkFeature,
        Map<String, String> versions,
        List<String> jvmOptions,
        int warmupSeconds,
        StoppingRule rounds,
        int pairRounds,
        int windowSeconds,
        String subject,
        Map<String, String> peers) {
    /**
     * A machine, as far as it matters to throughput.
     *
     * @param cpu model of the processor
     * @param cores processors available
     * @param memoryBytes size of its memory
     * @param kernel operating system and version
     */
    public record Machine(String cpu, int cores, long memoryBytes, String kernel) {}
}
