package io.weir.test.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What this process uses behind a collection, in bytes.
 *
 * @param heapBytes that live
 * @param directBytes in direct buffers, those of Netty's pool included
 * @param residentBytes that the system keeps in memory for the process beside both, what native libraries have taken included; 0 where
 *     there is no {@code /proc}. They mean something where the heap was touched as a whole from the start, as {@code -Psoak} has it
 */
record UsedMemory(long heapBytes, long directBytes, long residentBytes) {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final int READINGS = 5;
    private static final long READING_NANOS = 200_000_000;

    /** Of what was compiled, cached and pooled since the first quarter, whatever the load. */
    private static final long SLACK_BYTES = 8L << 20;

    private static final double SLACK = 1.15;

    /** Of what the allocator of native memory has not given back, and the compiler has taken. */
    private static final long RESIDENT_SLACK_BYTES = 32L << 20;

    /** Of a few readings the least: between them, what was under way has ended. Takes a second. */
    static UsedMemory now() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        long heap = Long.MAX_VALUE;
        for (int i = 0; i < READINGS; i++) {
            memory.gc();
            heap = Math.min(heap, memory.getHeapMemoryUsage().getUsed());
            LockSupport.parkNanos(READING_NANOS);
        }
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        direct = Math.max(direct, PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
        long elsewhere = resident() - memory.getHeapMemoryUsage().getCommitted() - direct;
        return new UsedMemory(heap, direct, Math.max(0, elsewhere));
    }

    private static long resident() {
        if (!Files.isReadable(STATUS)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The least of the last half against the least of the second quarter, when all is compiled: what stays is in every sample. */
    static void assertFlat(List<UsedMemory> used) {
        assertFlat("heap", used, UsedMemory::heapBytes, SLACK, SLACK_BYTES);
        assertFlat("direct memory", used, UsedMemory::directBytes, SLACK, SLACK_BYTES);
        assertFlat("resident memory beside them", used, UsedMemory::residentBytes, 1, RESIDENT_SLACK_BYTES);
    }

    private static void assertFlat(
            String what, List<UsedMemory> used, ToLongFunction<UsedMemory> bytes, double slack, long slackBytes) {
        int samples = used.size();
        long before = least(used.subList(samples / 4, samples / 2), bytes);
        long after = least(used.subList(samples / 2, samples), bytes);
        assertThat(after).as("%s: %s", what, used).isLessThanOrEqualTo((long) (slack * before) + slackBytes);
    }

    private static long least(List<UsedMemory> used, ToLongFunction<UsedMemory> bytes) {
        return used.stream().mapToLong(bytes).min().orElseThrow();
    }

    @Override
    public String toString() {
        return "heap " + (heapBytes >> 10) + " KiB, direct " + (directBytes >> 10) + " KiB, resident beside them "
                + (residentBytes >> 10) + " KiB";
    }
}
