package io.weir.reactive.session.message;

import io.weir.core.message.MessageSettings;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.session.memory.SessionMemory;

/**
 * How large the windows for requests and for replies are at first, and how far they may grow when they are used. What they
 * begin with is reserved for a session's life, idle or not, so it is little: a {@value #SHARE_AT_FIRST}th of what the node
 * has free, from 4 to 64 KiB, as long as half of the node's memory is free, and next to nothing afterwards: then a
 * window begins to grow with its first message. They grow to what is configured, but to no more than an 8th of the
 * session's memory and a 32nd of the node's. Loop-confined.
 */
final class MessageWindows {

    private static final int SHARE_OF_SESSION = 8;
    private static final int SHARE_OF_NODE = 32;
    private static final int SHARE_AT_FIRST = 8_192;

    private static final long LEAST_AT_FIRST = 4 * 1024;
    private static final long MOST_AT_FIRST = 64 * 1024;

    /** The limit of growth is not below this. */
    private static final long MODEST = 64 * 1024;

    private final NodeLimits limits;
    private final SessionMemory memory;
    private long requests = MessageSettings.MIN_WINDOW_BYTES;
    private long replies = MessageSettings.MIN_WINDOW_BYTES;
    private long reserved;

    MessageWindows(NodeLimits limits, SessionMemory memory) {
        this.limits = limits;
        this.memory = memory;
    }

    void reserve() {
        requests = reserve(largestRequest());
        replies = reserve(largestReply());
    }

    /** Bytes of the peer's requests and one-way messages that are taken at first. */
    long requests() {
        return requests;
    }

    /** Bytes of replies to this side's requests that are taken at first. */
    long replies() {
        return replies;
    }

    /** The most that a request or one-way message of the peer may cost. */
    long largestRequest() {
        return largest(limits.requestWindowBytes());
    }

    /** The most that a reply to this side's request may cost. */
    long largestReply() {
        return largest(limits.replyWindowBytes());
    }

    void release() {
        memory.received().release(reserved);
        reserved = 0;
    }

    private long largest(long configured) {
        long ofNode = Math.max(MODEST, limits.nodeBudgetBytes() / SHARE_OF_NODE);
        long ofSession = limits.sessionBudgetBytes() / SHARE_OF_SESSION;
        return Math.max(MessageSettings.MIN_WINDOW_BYTES, Math.min(configured, Math.min(ofNode, ofSession)));
    }

    /** The least window holds no more than an error: it is given without asking. */
    private long reserve(long largest) {
        long share = memory.freeOfNode() / SHARE_AT_FIRST;
        long wish = Math.min(largest, Math.max(LEAST_AT_FIRST, Math.min(MOST_AT_FIRST, share)));
        if (wish > MessageSettings.MIN_WINDOW_BYTES
                && memory.received().leaves(2, wish)
                && memory.received().tryReserve(wish)) {
            reserved += wish;
            return wish;
        }
        return MessageSettings.MIN_WINDOW_BYTES;
    }
}
