package io.weir.reactive.session.memory;

import io.weir.core.credit.MemoryPool;

/**
 * A session's {@link SendMemory} as its loop takes of it for messages. A booking takes two atomic operations, which is as much as the
 * rest of what a short message does to memory. So in a turn, while a record is read or written, it books {@value #PIECE} bytes ahead
 * for the next messages, and gives back what is over, and what became free, at the end of the turn.
 *
 * <pre>
 *   tryReserve: ahead is enough ---------------------------------&gt; taken from it
 *               else, in a turn, something is booked already ----&gt; a piece is booked, the rest of it is ahead
 *               else, or there is no room for a piece -----------&gt; just these bytes
 * </pre>
 *
 * <p>Where nothing is booked only what is asked for is: the exception for one that is too large is for one. Loop-confined.
 */
public final class TurnPool implements MemoryPool {

    /** Some tens of short messages, as many as come in a record; next to the smallest budgets it is little. */
    static final int PIECE = 8 * 1024;

    private final SendMemory memory;
    private final boolean replies;
    private boolean inTurn;

    /** Booked, and for nothing yet or any more. */
    private long ahead;

    TurnPool(SendMemory memory, boolean replies) {
        this.memory = memory;
        this.replies = replies;
    }

    /** A record is about to be read or written. */
    public void turnBegins() {
        inTurn = true;
    }

    /** It has been. */
    public void turnEnds() {
        inTurn = false;
        giveBack();
    }

    @Override
    public boolean tryReserve(long bytes) {
        if (bytes <= ahead) {
            ahead -= bytes;
            return true;
        }
        giveBack();
        if (inTurn && bytes < PIECE && memory.booked() > 0 && tryBook(PIECE)) {
            ahead = PIECE - bytes;
            return true;
        }
        return tryBook(bytes);
    }

    @Override
    public void release(long bytes) {
        if (inTurn) {
            ahead += bytes;
        } else {
            memory.release(bytes);
        }
    }

    private boolean tryBook(long bytes) {
        return replies ? memory.tryBookReply(bytes) : memory.tryBook(bytes);
    }

    private void giveBack() {
        if (ahead > 0) {
            long free = ahead;
            ahead = 0;
            memory.release(free);
        }
    }
}
