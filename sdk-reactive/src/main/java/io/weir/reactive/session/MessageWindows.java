package io.weir.reactive.session;

import io.weir.core.credit.MemoryBudget;
import io.weir.core.message.MessageTable;

/**
 * The memory behind the windows for requests and for replies: reserved once for a session's life, as large as configured
 * where there is plenty. Each takes no more than an 8th of what the session may still reserve and a 32nd of what the node
 * has free, so that many sessions leave room for their streams; where the node is short, what there is. Loop-confined.
 */
final class MessageWindows {

    private static final int SHARE_OF_SESSION = 8;
    private static final int SHARE_OF_NODE = 32;

    /** Not less than this as long as the node has it. */
    private static final long MODEST = 64 * 1024;

    private final SessionSettings settings;
    private final MemoryBudget budget;
    private long requests = MessageTable.Settings.MIN_WINDOW_BYTES;
    private long replies = MessageTable.Settings.MIN_WINDOW_BYTES;
    private long reserved;

    MessageWindows(SessionSettings settings, MemoryBudget budget) {
        this.settings = settings;
        this.budget = budget;
    }

    void reserve() {
        requests = reserve(settings.limits().requestWindowBytes());
        replies = reserve(settings.limits().replyWindowBytes());
    }

    /** Bytes of the peer's requests and one-way messages that are taken. */
    long requests() {
        return requests;
    }

    /** Bytes of replies to this side's requests that are taken. */
    long replies() {
        return replies;
    }

    void release() {
        budget.release(reserved);
        reserved = 0;
    }

    /** The least window holds no more than an error: it is given without asking. */
    private long reserve(long most) {
        long ofNode = Math.max(MODEST, settings.memory().available() / SHARE_OF_NODE);
        long wish = Math.min(Math.min(most, ofNode), budget.available() / SHARE_OF_SESSION);
        while (wish > MessageTable.Settings.MIN_WINDOW_BYTES) {
            if (budget.tryReserve(wish)) {
                reserved += wish;
                return wish;
            }
            wish /= 2;
        }
        return MessageTable.Settings.MIN_WINDOW_BYTES;
    }
}
