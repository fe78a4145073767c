package io.weir.benchmarks.measure;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.weir.benchmarks.peer.ElementCounter;
import io.weir.benchmarks.peer.ReplyRecorder;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Takes samples of its own process.
 *
 * <p>Allocation is what each thread's own counter says, which no collection disturbs. A thread that ended between two
 * samples loses only what it allocated after the earlier one; event loops do not end. The thread that samples is left
 * out: what it does belongs to the measuring.
 */
public final class ProcessMeter {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    private final List<ElementCounter> counters;
    private final @Nullable ReplyRecorder replies;
    private final Histogram latencies = new Histogram(ReplyRecorder.DIGITS);
    private final Map<Long, Long> allocatedByThread = new HashMap<>();
    private long allocatedBytes;

    private ProcessMeter(List<ElementCounter> counters, @Nullable ReplyRecorder replies) {
        this.counters = List.copyOf(counters);
        this.replies = replies;
    }

    /** A meter that adds up these counters; an empty list on a server. */
    public static ProcessMeter counting(List<ElementCounter> counters) {
        return new ProcessMeter(counters, null);
    }

    /** A meter of a process that requests. */
    public static ProcessMeter timing(ReplyRecorder replies) {
        return new ProcessMeter(List.of(replies.counter()), replies);
    }

    /** Elements or replies received so far. Any thread. */
    public long elements() {
        return counters.stream().mapToLong(ElementCounter::elements).sum();
    }

    /** The totals now. One caller at a time. */
    public Sample sample() {
        long elements = 0;
        long bytes = 0;
        long corrupt = 0;
        for (ElementCounter counter : counters) {
            elements += counter.elements();
            bytes += counter.bytes();
            corrupt += counter.corrupt();
        }
        long nanos = System.nanoTime();
        return new Sample(
                nanos, system.getProcessCpuTime(), allocatedBytes(), gcMillis(), elements, bytes, corrupt, latencies());
    }

    private Latencies latencies() {
        if (replies == null) {
            return Latencies.NONE;
        }
        replies.drainTo(latencies);
        return Latencies.of(latencies);
    }

    private long allocatedBytes() {
        long own = Thread.currentThread().getId();
        long[] ids =
                LongStream.of(threads.getAllThreadIds()).filter(id -> id != own).toArray();
        long[] allocated = threads.getThreadAllocatedBytes(ids);
        for (int i = 0; i < ids.length; i++) {
            if (allocated[i] > 0) {
                Long before = allocatedByThread.put(ids[i], allocated[i]);
                allocatedBytes += allocated[i] - (before == null ? 0 : before);
            }
        }
        return allocatedBytes;
    }

    private long gcMillis() {
        return collectors.stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }
}
