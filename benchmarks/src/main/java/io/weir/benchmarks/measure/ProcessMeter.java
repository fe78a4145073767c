package io.weir.benchmarks.measure;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.weir.benchmarks.peer.ElementCounter;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes samples of its own process.
 *
 * <p>Allocation is what each thread's own counter says, which no collection disturbs. A thread that ended between two
 * samples loses only what it allocated after the earlier one; event loops do not end.
 */
public final class ProcessMeter {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    private final List<ElementCounter> counters;
    private final Map<Long, Long> allocatedByThread = new HashMap<>();
    private long allocatedBytes;

    /** A meter that adds up these counters; an empty list on a sender. */
    public ProcessMeter(List<ElementCounter> counters) {
        this.counters = List.copyOf(counters);
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
        return new Sample(nanos, system.getProcessCpuTime(), allocatedBytes(), gcMillis(), elements, bytes, corrupt);
    }

    private long allocatedBytes() {
        long[] ids = threads.getAllThreadIds();
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
