package io.weir.core.stream;

/**
 * The element in fragments of one receiving half, and the memory beyond the window that it may need: its whole total,
 * reserved by the host, first come first served in the node (DESIGN section 4).
 *
 * <pre>
 *           reserve(): host says later        onReserved
 *   NONE --------------------------------&gt; WAITING ------&gt; RESERVED
 *    ^ |    reserve(): host says yes                        ^   |
 *    | +----------------------------------------------------+   | onComplete
 *    |         onConsumed                                       v
 *    +------------------------------------------------------- HELD
 * </pre>
 *
 * A WAITING element that completes without it, because the window has grown, or that is discarded, leaves the request
 * USELESS: what the host reserves for it then goes back at once.
 *
 * Only the next element to be delivered is ever reserved for, so one place suffices: while one is HELD, everything behind
 * it waits for its consumption.
 */
final class LargePayload {

    private enum Memory {
        NONE,
        WAITING,
        USELESS,
        RESERVED,
        HELD
    }

    private final StreamEpoch stream;
    private final StreamHost host;
    private final Reassembly elements = new Reassembly();
    private Memory memory = Memory.NONE;
    private long bytes;

    LargePayload(StreamEpoch stream, StreamHost host) {
        this.stream = stream;
        this.host = host;
    }

    Reassembly elements() {
        return elements;
    }

    boolean isReserved() {
        return memory == Memory.RESERVED;
    }

    /** Asks for the total of the element in progress, unless that was done; true if it is reserved. */
    boolean reserve() {
        if (memory == Memory.NONE) {
            bytes = elements.total();
            memory = Memory.WAITING;
            if (host.reservePayload(stream, bytes)) {
                onReserved();
            }
        }
        return memory == Memory.RESERVED;
    }

    /** The host has reserved late; what nobody needs any more goes back. */
    void onReserved() {
        if (memory == Memory.WAITING) {
            memory = Memory.RESERVED;
        } else if (memory == Memory.USELESS) {
            release();
        }
    }

    /** The element is whole, and is the next to be consumed if its memory was reserved. */
    void onComplete() {
        if (memory == Memory.RESERVED) {
            memory = Memory.HELD;
        } else if (memory == Memory.WAITING) {
            memory = Memory.USELESS;
        }
    }

    void onConsumed() {
        if (memory == Memory.HELD) {
            release();
        }
    }

    /** The element in progress will not be whole. A reservation still waited for goes back when it comes. */
    void abandon() {
        elements.clear();
        if (memory == Memory.RESERVED) {
            release();
        } else if (memory == Memory.WAITING) {
            memory = Memory.USELESS;
        }
    }

    /** The half ends. A reservation still waited for goes back when it comes. */
    void discard() {
        elements.clear();
        if (memory == Memory.RESERVED || memory == Memory.HELD) {
            release();
        } else if (memory == Memory.WAITING) {
            memory = Memory.USELESS;
        }
    }

    private void release() {
        memory = Memory.NONE;
        host.releasePayload(stream, bytes);
    }
}
