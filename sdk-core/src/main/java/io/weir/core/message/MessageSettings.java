package io.weir.core.message;

/**
 * What a session allows.
 *
 * @param requestWindow bytes of the peer's requests and one-way messages held at once, 32 to 2^30; part of HELLO
 * @param replyWindow bytes of answers to this side's requests held at once, 32 to 2^30; part of HELLO
 * @param maxInFlight requests of the peer that wait or are handled at once, 0 to 65,535
 * @param maxOutstanding requests of this side without an answer, 1 to 65,535
 * @param maxQueuedBytes most cost of messages that wait to be written, and of replies that do; 0 to 2^40. Where nothing
 *     waits, one is taken however large
 * @param fragmentBytes most bytes of a message in one frame, 64 to 32,768
 * @param largestRequest most that one request or one-way message may cost, and its window may grow to; from the request
 *     window to 2^30; part of HELLO
 * @param largestReply the same of replies
 */
public record MessageSettings(
        long requestWindow,
        long replyWindow,
        int maxInFlight,
        int maxOutstanding,
        long maxQueuedBytes,
        int fragmentBytes,
        long largestRequest,
        long largestReply) {

    /** The least that holds an error. */
    public static final int MIN_WINDOW_BYTES = 32;

    public MessageSettings {
        check("requestWindow", requestWindow, MIN_WINDOW_BYTES, 1 << 30);
        check("replyWindow", replyWindow, MIN_WINDOW_BYTES, 1 << 30);
        check("maxInFlight", maxInFlight, 0, 0xFFFF);
        check("maxOutstanding", maxOutstanding, 1, 0xFFFF);
        check("maxQueuedBytes", maxQueuedBytes, 0, 1L << 40);
        check("fragmentBytes", fragmentBytes, Assembly.LEAST_FRAGMENT_BYTES, 32 * 1024);
        check("largestRequest", largestRequest, requestWindow, 1 << 30);
        check("largestReply", largestReply, replyWindow, 1 << 30);
    }

    /** With windows that do not grow. */
    public MessageSettings(
            long requestWindow,
            long replyWindow,
            int maxInFlight,
            int maxOutstanding,
            long maxQueuedBytes,
            int fragmentBytes) {
        this(
                requestWindow,
                replyWindow,
                maxInFlight,
                maxOutstanding,
                maxQueuedBytes,
                fragmentBytes,
                requestWindow,
                replyWindow);
    }

    /** The same, with windows that grow so far when they are used. */
    public MessageSettings withLargest(long request, long reply) {
        return new MessageSettings(
                requestWindow, replyWindow, maxInFlight, maxOutstanding, maxQueuedBytes, fragmentBytes, request, reply);
    }

    /** Windows of 1 MiB, 4,096 in flight, 16,384 outstanding, 16 MiB queued, fragments of 16 KiB. */
    public static MessageSettings defaults() {
        return new MessageSettings(1 << 20, 1 << 20, 4_096, 16_384, 16 << 20, 16 * 1024);
    }

    private static void check(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + "; legal: " + least + " to " + most);
        }
    }
}
