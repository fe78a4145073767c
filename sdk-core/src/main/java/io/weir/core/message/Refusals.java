package io.weir.core.message;

import io.weir.core.error.ErrorCode;

/**
 * Requests that never came to a handler, refused or cancelled before, and are not answered yet: id, cost and code of each,
 * and nothing more, so that they hold no more memory than the window that they were sent under. In order; a ring that doubles
 * as needed, and none while there was never one.
 */
final class Refusals {

    private static final int SMALLEST = 16;
    private static final long[] NONE = new long[0];

    /** Error codes are below 2^16, and costs below 2^47. */
    private static final int CODE_BITS = 16;

    private long[] idsAndCosts = NONE;
    private int head;
    private int size;

    /** @param code CANCELLED: by the peer; else what it is answered with */
    void add(long id, long cost, ErrorCode code) {
        if (2 * size == idsAndCosts.length) {
            resize(Math.max(2 * SMALLEST, 4 * size));
        }
        int at = index(size);
        idsAndCosts[at] = id;
        idsAndCosts[at + 1] = cost << CODE_BITS | code.number();
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
        return idsAndCosts[index(0) + 1] >>> CODE_BITS;
    }

    /** Why the first is refused; there is one. */
    ErrorCode code() {
        return ErrorCode.of(idsAndCosts[index(0) + 1] & (1 << CODE_BITS) - 1);
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
