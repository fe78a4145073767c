package io.weir.samples.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The most memory that this process has held.
 *
 * @param heapBytes sum of the peaks of the heap's pools, so an upper bound
 * @param maxHeapBytes what -Xmx allows
 * @param residentBytes everything the kernel gave the process; -1 where it does not tell
 */
record MemoryPeak(long heapBytes, long maxHeapBytes, long residentBytes) {

    private static final String RESIDENT_PEAK = "VmHWM:";

    static MemoryPeak ofThisProcess() {
        long heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage == null ? 0 : usage.getUsed())
                .sum();
        return new MemoryPeak(heap, Runtime.getRuntime().maxMemory(), resident());
    }

    private static long resident() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith(RESIDENT_PEAK))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(-1);
        } catch (IOException e) {
            return -1;
        }
    }

    @Override
    public String toString() {
        String heap = String.format(
                Locale.ROOT, "peak heap %.1f MiB of at most %.1f", mebibytes(heapBytes), mebibytes(maxHeapBytes));
        return residentBytes < 0
                ? heap
                : heap + String.format(Locale.ROOT, ", peak resident %.1f MiB", mebibytes(residentBytes));
    }

    private static double mebibytes(long bytes) {
        return bytes / 1024.0 / 1024.0;
    }
}
