package io.weir.core.memory;

/** What the heap of a test's JVM holds. */
public final class UsedHeap {

    private UsedHeap() {}

    /** Bytes. Of four collections at least one is complete: the serial collector leaves some garbage in place in the others. */
    public static long bytes() {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }
}
