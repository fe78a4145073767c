package io.weir.benchmarks.peer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Elements and bytes received on one stream, and the elements that were not as sent.
 *
 * <p>One thread counts, any thread reads: the writer publishes with plain stores made opaque, so a reader sees a
 * recent value without slowing the writer.
 */
public final class ElementCounter {
    private static final VarHandle ELEMENTS = handle("elements");
    private static final VarHandle BYTES = handle("bytes");
    private static final VarHandle CORRUPT = handle("corrupt");

    private final int expectedLength;
    private long elements;
    private long bytes;
    private long corrupt;

    /** A counter of elements that are all {@code expectedLength} bytes long and made by {@link Elements}. */
    public ElementCounter(int expectedLength) {
        this.expectedLength = expectedLength;
    }

    /** Counts one element by its length and its first and last byte. */
    public void count(int length, byte first, byte last) {
        count(length, first, last, true);
    }

    /** The same for an element that also has to be {@code awaited}: another one is not as sent. */
    void count(int length, byte first, byte last, boolean awaited) {
        ELEMENTS.setOpaque(this, elements + 1);
        BYTES.setOpaque(this, bytes + length);
        if (!awaited || length != expectedLength || first != Elements.FIRST || last != Elements.LAST) {
            CORRUPT.setOpaque(this, corrupt + 1);
        }
    }

    /** Elements so far. */
    public long elements() {
        return (long) ELEMENTS.getOpaque(this);
    }

    /** Payload bytes so far. */
    public long bytes() {
        return (long) BYTES.getOpaque(this);
    }

    /** Elements so far whose length or content was wrong. */
    public long corrupt() {
        return (long) CORRUPT.getOpaque(this);
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(ElementCounter.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
