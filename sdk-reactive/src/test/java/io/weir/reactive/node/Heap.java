package io.weir.reactive.node;

/** How much of the heap is in use, garbage left aside. */
public final class Heap {

    /** Of so many collections at least one is complete: the serial collector leaves some garbage in place in the others. */
    private static final int COLLECTIONS = 4;

    private Heap() {}

    public static long used() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            used = Math.min(
                    used,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return used;
    }
}
