package io.weir.core.message;

/**
 * Requests that never came to a handler, refused or cancelled before, and are not answered yet: id and cost of each, and
 * nothing more, so that they hold no more memory than the window that they were sent under. In order; a ring that doubles
 * as needed.
 */
final class Refusals {

    private static final int SMALLEST = 16;

    private long[] idsAndCosts = new long[2 * SMALLEST];
    private int head;
    private int size;

    /** @param cancelled by the peer; else refused */
    void add(long id, long cost, boolean cancelled) {
        if (2 * size == idsAndCosts.length) {
            resize(4 * size);
        }
        int at = index(size);
        idsAndCosts[at] = id;
        idsAndCosts[at + 1] = cancelled ? -cost : cost;
        size++;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The id of the first; there is one. */
    long id() {
        return idsAndCosts[index(0)];
    }

    /** What the first costs; there is one. */
    long cost() {
        return Math.abs(idsAndCosts[index(0) + 1]);
    }

    /** Whether the peer has cancelled the first; there is one. */
    boolean cancelled() {
        return idsAndCosts[index(0) + 1] < 0;
    }

    /** Forgets the first. */
    void remove() {
        head = head + 2 & idsAndCosts.length - 1;
        size--;
        if (size == 0 && idsAndCosts.length > 2 * SMALLEST) {
            idsAndCosts = new long[2 * SMALLEST];
            head = 0;
        }
    }

    /** Forgets all. */
    void clear() {
        while (!isEmpty()) {
            remove();
        }
    }

    private int index(int n) {
        return head + 2 * n & idsAndCosts.length - 1;
    }

    private void resize(int length) {
        long[] larger = new long[length];
        int tail = idsAndCosts.length - head;
        System.arraycopy(idsAndCosts, head, larger, 0, tail);
        System.arraycopy(idsAndCosts, 0, larger, tail, head);
        idsAndCosts = larger;
        head = 0;
    }
}
