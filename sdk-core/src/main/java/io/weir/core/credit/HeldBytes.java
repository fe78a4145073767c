package io.weir.core.credit;

/**
 * What a sender counts for what it has accepted and not yet written: the payload and the objects that keep it. The wire's
 * {@link Cost} says what the receiver is asked to hold, which keeps packed bytes; a queue of small elements at the sender is
 * mostly objects.
 */
public final class HeldBytes {
    /** For each element that is queued: an array, its buffer, and its place in a queue; some 100 to 120 bytes on HotSpot. */
    public static final int ELEMENT_OVERHEAD = 128;

    /** For each request, one-way message or reply: an array, the message, and who waits for it; some 200 to 250 bytes. */
    public static final int MESSAGE_OVERHEAD = 256;

    private HeldBytes() {}

    /** Of one element with a payload of {@code length} bytes. */
    public static long ofElement(int length) {
        return (long) ELEMENT_OVERHEAD + length;
    }

    /** Of one message with a body of {@code length} bytes. */
    public static long ofMessage(int length) {
        return (long) MESSAGE_OVERHEAD + length;
    }
}
