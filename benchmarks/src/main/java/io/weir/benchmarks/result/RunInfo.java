package io.weir.benchmarks.result;

import java.util.List;
import java.util.Map;

/**
 * How, where and with what a run was measured.
 *
 * @param startedAt UTC time, ISO 8601, to the second
 * @param commit the commit measured, with {@code -dirty} behind it if the tree had changes
 * @param machine the machine
 * @param jdk version and vendor of the JDK that both sides ran on
 * @param jdkFeature its feature number, for example 17
 * @param versions library name to version
 * @param jvmOptions options of both sides' processes
 * @param warmupSeconds time before the first window
 * @param windows number of windows
 * @param windowSeconds length of each
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
        int windows,
        int windowSeconds,
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
