package io.weir.reactive.session.memory;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * What one session has accepted for sending and not yet written, whatever its peer grants: booked here and at the node. A
 * quarter of both is kept for replies, without which the peer's requests would never end.
 *
 * <p>Where a session has nothing booked, one element or message is taken however large and however full the node is, so
 * that no peer, by not reading, stops what goes to another. All else stays within the bounds.
 *
 * <p>Any thread. The node is booked first and released last, so that whoever found no room and then asks {@link
 * NodeMemory#whenFreed} is told of every release that makes some.
 */
public final class SendMemory {

    private final NodeMemory node;
    private final long maxBytes;

    private volatile long booked;
    private static final AtomicLongFieldUpdater<SendMemory> BOOKED =
            AtomicLongFieldUpdater.newUpdater(SendMemory.class, "booked");

    SendMemory(NodeMemory node, long maxBytes) {
        this.node = node;
        this.maxBytes = maxBytes;
    }

    /** Books an element, a request or a one-way message, if there is room for it. */
    public boolean tryBook(long bytes) {
        return tryBook(bytes, butForReplies(maxBytes), butForReplies(node.maxBytes()));
    }

    /** Whether {@link #tryBook} would find room now; books nothing. */
    boolean couldBook(long bytes) {
        long here = booked;
        return here == 0
                || bytes <= butForReplies(maxBytes) - here && bytes <= butForReplies(node.maxBytes()) - node.reserved();
    }

    /** Books a reply. */
    public boolean tryBookReply(long bytes) {
        return tryBook(bytes, maxBytes, node.maxBytes());
    }

    private boolean tryBook(long bytes, long most, long mostOfNode) {
        long before = booked;
        if (!fits(bytes, most, before)) {
            return false;
        }
        if (before == 0) {
            node.reserve(bytes);
        } else if (!node.tryReserve(bytes, mostOfNode)) {
            return false;
        }
        while (!BOOKED.compareAndSet(this, before, before + bytes)) {
            before = booked;
            if (!fits(bytes, most, before)) {
                node.release(bytes);
                return false;
            }
        }
        return true;
    }

    private static boolean fits(long bytes, long most, long before) {
        return before == 0 || bytes <= most - before;
    }

    /** Books what is held already. */
    public void book(long bytes) {
        node.reserve(bytes);
        BOOKED.addAndGet(this, bytes);
    }

    /** Gives back what was booked here. */
    public void release(long bytes) {
        BOOKED.addAndGet(this, -bytes);
        node.release(bytes);
    }

    /** Whether there is room for more than replies: cheap where nothing is booked. */
    public boolean hasRoom() {
        long here = booked;
        return here == 0 || here < butForReplies(maxBytes) && node.reserved() < butForReplies(node.maxBytes());
    }

    /** Bytes booked now. */
    long booked() {
        return booked;
    }

    /** Most that one half may have booked in elements that {@code trySend} accepted. */
    long mostOfHalf() {
        return maxBytes / 4;
    }

    /** A pool of requests and one-way messages. */
    public TurnPool forRequests() {
        return new TurnPool(this, false);
    }

    /** A pool of replies. */
    public TurnPool forReplies() {
        return new TurnPool(this, true);
    }

    private static long butForReplies(long bytes) {
        return bytes - bytes / 4;
    }
}
