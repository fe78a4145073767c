package io.weir.core.message;

import io.weir.core.error.Legal;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.MessageFields;
import java.util.Objects;

/**
 * What a session allows.
 *
 * @param requestWindow bytes of the peer's requests and one-way messages held at once, 32 to 2^30; part of HELLO
 * @param replyWindow bytes of answers to this side's requests held at once, 32 to 2^30; part of HELLO
 * @param maxOutstanding requests of this side without an answer, 1 to 65,535
 * @param maxQueuedBytes most cost of messages that wait to be written, and of replies that do; 0 to 2^40. Where nothing
 *     waits, one is taken however large
 * @param fragmentBytes most bytes of a message in one frame, 64 to 32,768
 * @param largestRequest most that one request or one-way message may cost, and its window may grow to; from the request
 *     window to 2^30; part of HELLO
 * @param largestReply the same of replies
 * @param order what the carrier promises of the order of frames
 */
public record MessageSettings(
        long requestWindow,
        long replyWindow,
        int maxOutstanding,
        long maxQueuedBytes,
        int fragmentBytes,
        long largestRequest,
        long largestReply,
        FrameOrder order) {

    /** The least that holds an error. */
    public static final int MIN_WINDOW_BYTES = 32;

    public MessageSettings {
        Legal.range("requestWindow", requestWindow, MIN_WINDOW_BYTES, 1 << 30);
        Legal.range("replyWindow", replyWindow, MIN_WINDOW_BYTES, 1 << 30);
        Legal.range("maxOutstanding", maxOutstanding, 1, 0xFFFF);
        Legal.range("maxQueuedBytes", maxQueuedBytes, 0, 1L << 40);
        Legal.range("fragmentBytes", fragmentBytes, Assembly.LEAST_FRAGMENT_BYTES, 32 * 1024);
        Legal.range("largestRequest", largestRequest, requestWindow, 1 << 30);
        Legal.range("largestReply", largestReply, replyWindow, 1 << 30);
        Objects.requireNonNull(order, "order");
    }

    /** With windows that do not grow, over an ordered link. */
    public MessageSettings(
            long requestWindow, long replyWindow, int maxOutstanding, long maxQueuedBytes, int fragmentBytes) {
        this(
                requestWindow,
                replyWindow,
                maxOutstanding,
                maxQueuedBytes,
                fragmentBytes,
                requestWindow,
                replyWindow,
                FrameOrder.TOTAL);
    }

    /** The same, with windows that grow so far when they are used. */
    public MessageSettings withLargest(long request, long reply) {
        return new MessageSettings(
                requestWindow, replyWindow, maxOutstanding, maxQueuedBytes, fragmentBytes, request, reply, order);
    }

    /** The same for a carrier that promises another order. */
    public MessageSettings withOrder(FrameOrder carrierOrder) {
        return new MessageSettings(
                requestWindow,
                replyWindow,
                maxOutstanding,
                maxQueuedBytes,
                fragmentBytes,
                largestRequest,
                largestReply,
                carrierOrder);
    }

    /**
     * Whether a message may begin to be here in part. No more may be than a sender has under way; but where those that it has
     * written to their end may come later, only the window bounds them, as each begins with its packet 0 and so has its cost.
     *
     * @param first packet of it that has come
     * @param inPart messages of its window that are here in part
     */
    boolean mayBegin(MessageFields first, int inPart) {
        return order.isPerHalf() ? first.packetId() == 0 : inPart < SendLane.MOST_UNDER_WAY;
    }

    /** Whether messages come in the order in which they were begun. */
    boolean isOrdered() {
        return order == FrameOrder.TOTAL;
    }

    /** Whether packets may be lost, come late or come again. */
    boolean mayLose() {
        return order == FrameOrder.NONE;
    }

    /** Windows of 1 MiB, 16,384 outstanding, 16 MiB queued, fragments of 16 KiB. */
    public static MessageSettings defaults() {
        return new MessageSettings(1 << 20, 1 << 20, 16_384, 16 << 20, 16 * 1024);
    }
}
