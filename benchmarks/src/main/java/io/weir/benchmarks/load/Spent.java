package io.weir.benchmarks.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a process has spent since its beginning, and what of that held its work up: who reads a tail of latencies has to know.
 *
 * @param processorMillis of all its threads
 * @param collections of its heap
 * @param collectingMillis that these took, in which nearly all of it stands still
 * @param compilingMillis processor time of its compilers
 */
record Spent(long processorMillis, long collections, long collectingMillis, long compilingMillis) {

    private static final String PROCESSOR = "processorMillis";
    private static final String COLLECTIONS = "collections";
    private static final String COLLECTING = "collectingMillis";
    private static final String COMPILING = "compilingMillis";

    /** Those of this process. */
    static Spent now() {
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new Spent(
                TimeUnit.NANOSECONDS.toMillis(system.getProcessCpuTime()),
                collectors.stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                        .sum(),
                collectors.stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                        .sum(),
                compiler == null ? 0 : compiler.getTotalCompilationTime());
    }

    /** As one process tells them to another. */
    Map<String, String> toFields() {
        return Map.of(
                PROCESSOR, Long.toString(processorMillis),
                COLLECTIONS, Long.toString(collections),
                COLLECTING, Long.toString(collectingMillis),
                COMPILING, Long.toString(compilingMillis));
    }

    /** The inverse of {@link #toFields}. */
    static Spent ofFields(Map<String, String> fields) {
        return new Spent(
                Figures.field(fields, PROCESSOR),
                Figures.field(fields, COLLECTIONS),
                Figures.field(fields, COLLECTING),
                Figures.field(fields, COMPILING));
    }

    /** What came since then. */
    Spent since(Spent before) {
        return new Spent(
                processorMillis - before.processorMillis,
                collections - before.collections,
                collectingMillis - before.collectingMillis,
                compilingMillis - before.compilingMillis);
    }

    @Override
    public String toString() {
        return Figures.number(processorMillis) + " ms of processor time, " + collectingMillis + " ms in " + collections
                + " collections, " + compilingMillis + " ms compiling";
    }
}
