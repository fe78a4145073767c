package io.weir.test.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@link MixedLoad} for {@code -Dweir.soak.minutes}, by default an hour: nothing accepted is lost, every count adds up, and the memory
 * that is in use does not grow.
 */
class MixedLoadSoakTest {

    private static final int SAMPLES = 20;
    private static final long LEAST_SAMPLE_MILLIS = 500;
    private static final int READINGS = 5;
    private static final long READING_NANOS = 200_000_000;
    private static final Duration ENDING = Duration.ofSeconds(60);

    /** Of what was compiled, cached and pooled since the first quarter, whatever the load. */
    private static final long SLACK_BYTES = 8L << 20;

    private static final double SLACK = 1.15;

    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();

    /** What is used behind a collection. */
    private record Used(long heapBytes, long directBytes) {}

    @Test
    @Tag("soak")
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void memoryStaysFlatAndNothingIsLostForALongTime() throws Exception {
        List<Used> used = soak(Duration.ofMinutes(Long.getLong("weir.soak.minutes", 60)));

        assertFlat("heap", used, Used::heapBytes);
        assertFlat("direct memory", used, Used::directBytes);
    }

    /** The same for a moment, too short to tell anything of memory. */
    @Test
    void everyCountAddsUp() throws Exception {
        assertThat(soak(Duration.ofSeconds(5))).isNotEmpty();
    }

    private List<Used> soak(Duration length) throws InterruptedException, ExecutionException, TimeoutException {
        List<Used> used = new ArrayList<>();
        try (MixedLoad load = new MixedLoad()) {
            CompletableFuture<Void> run = load.run().toFuture();
            long sampleMillis = Math.max(LEAST_SAMPLE_MILLIS, length.toMillis() / SAMPLES);
            long end = System.nanoTime() + length.toNanos();
            while (System.nanoTime() - end < 0 && !hasEnded(run, sampleMillis)) {
                used.add(used());
                System.out.println(used.get(used.size() - 1) + " behind " + load);
            }
            load.stop();
            run.get(ENDING.toSeconds(), TimeUnit.SECONDS);
            load.awaitMessages();
            load.check();
            load.checkClosed();
        }
        return used;
    }

    private static boolean hasEnded(CompletableFuture<Void> run, long millis)
            throws InterruptedException, ExecutionException {
        try {
            run.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Of a few readings the least: between them, what was under way has ended. */
    private Used used() {
        long heap = Long.MAX_VALUE;
        for (int i = 0; i < READINGS; i++) {
            memory.gc();
            heap = Math.min(heap, memory.getHeapMemoryUsage().getUsed());
            LockSupport.parkNanos(READING_NANOS);
        }
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return new Used(heap, direct + PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
    }

    /**
     * The least of the last half against the least of the second quarter, when all is compiled: what stays is in every sample.
     */
    private static void assertFlat(String what, List<Used> used, ToLongFunction<Used> bytes) {
        int samples = used.size();
        long before = least(used.subList(samples / 4, samples / 2), bytes);
        long after = least(used.subList(samples / 2, samples), bytes);
        assertThat(after).as("%s: %s", what, used).isLessThanOrEqualTo((long) (SLACK * before) + SLACK_BYTES);
    }

    private static long least(List<Used> used, ToLongFunction<Used> bytes) {
        return used.stream().mapToLong(bytes).min().orElseThrow();
    }
}
