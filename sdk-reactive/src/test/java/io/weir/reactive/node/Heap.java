package io.weir.reactive.node;

/** How much of the heap is in use, garbage left aside. */
public final class Heap {

    private Heap() {}

    public static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
