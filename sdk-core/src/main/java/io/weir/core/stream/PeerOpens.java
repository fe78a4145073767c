package io.weir.core.stream;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.StreamFrame;
import org.jspecify.annotations.Nullable;

/**
 * What an OPEN of the peer meets here: an epoch of the same number that waits for it, one that it ends, one that has left
 * it behind, or nothing. PROTOCOL section 4, "Epochs".
 *
 * <pre>
 *   OPEN(id, epoch)
 *     | where OPENs are repeated: its handle is known ----&gt; nothing
 *     | there: all epochs of the id are confirmed here ---&gt; a new life, whatever its number
 *     | epoch is remembered, the peer's half not open ---&gt; the two halves pair
 *     | epoch is remembered, the peer's half open -------&gt; the session ends
 *     | epoch is at most the highest --------------------&gt; STOP(STALE_EPOCH)
 *     | this side's OPEN is not written -----------------&gt; it takes this number, and they pair
 *     | nothing new begins any more ---------------------&gt; STOP(GOING_AWAY)
 *     | higher than the current one ---------------------&gt; that one ends; incoming
 *     | the id is not remembered ------------------------&gt; incoming: accept, refuse, or left unclaimed
 * </pre>
 */
final class PeerOpens {

    /** Epochs rise by one; so far up only a peer that wants arithmetic to overflow gets. */
    private static final long MAX_EPOCH = 1L << 61;

    private final StreamContext context;
    private final OpenCredit opens;
    private final EpochBook epochs;
    private final Unclaimed unclaimed;
    private final GoingAway goingAway;

    PeerOpens(StreamContext context, OpenCredit opens, GoingAway goingAway) {
        this.context = context;
        this.opens = opens;
        this.epochs = context.epochs();
        this.unclaimed = context.unclaimed();
        this.goingAway = goingAway;
    }

    @Nullable
    ErrorCode onOpen(StreamFrame.Open f) {
        if (opens.isRepeat(f.handle())) {
            return null; // whatever it says: a handle is opened once
        }
        ErrorCode violation = opens.check(f.handle());
        if (violation != null
                || f.epoch() < 1
                || f.epoch() > MAX_EPOCH
                || f.window() > context.session().peerInitialWindow()) {
            return violation != null ? violation : ErrorCode.PROTOCOL_VIOLATION;
        }
        StreamId id = new StreamId(f.id());
        StreamEpoch current = epochs.current(id);
        boolean free = context.session().mayLose() && epochs.isOverBut(id, current);
        if (free && current != null && current.isPrivate()) {
            epochs.rebind(current, f.epoch());
            return pair(current, f);
        }
        // a new handle for an id that is over here begins a new life, whatever its number
        if (f.epoch() <= epochs.highest(id) && !(free && epochs.isOverBut(id, null))) {
            StreamEpoch same = epochs.find(id, f.epoch());
            if (same != null) {
                return pair(same, f);
            }
            turnAway(id, f, ErrorCode.STALE_EPOCH);
        } else if (current != null && current.isPrivate()) {
            epochs.rebind(current, f.epoch());
            return pair(current, f);
        } else if (goingAway.refuses(f.handle())) {
            turnAway(id, f, ErrorCode.GOING_AWAY);
        } else {
            onIncoming(id, f, free && epochs.isOverBut(id, null) ? null : current);
        }
        return null;
    }

    void accept(StreamEpoch epoch, StreamConfig config, StreamListener listener) {
        unclaimed.take(epoch);
        epoch.claim(config, listener);
        context.lane().open(epoch.sending(), true);
    }

    void refuse(StreamEpoch epoch, ErrorCode code) {
        unclaimed.take(epoch);
        epoch.withdraw();
        epoch.evict(code);
    }

    /** The peer's half of an epoch that is known here: opened at both ends at once, or the answer. */
    private @Nullable ErrorCode pair(StreamEpoch epoch, StreamFrame.Open f) {
        if (!epoch.receiving().awaiting()) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        if (epoch.isPrivate()) {
            context.lane().open(epoch.sending(), true); // its OPEN is an answer now
        }
        attach(epoch, f);
        return null;
    }

    private void onIncoming(StreamId id, StreamFrame.Open f, @Nullable StreamEpoch lower) {
        StreamEpoch epoch = begin(id, f);
        unclaimed.add();
        epochs.add(epoch);
        attach(epoch, f);
        if (lower != null) {
            lower.fail(ErrorCode.SUPERSEDED);
        }
        // the listener of the lower one may have claimed the new one from inside
        if (epoch.isUnclaimed()) {
            context.session().host().onIncoming(epoch);
        }
        if (epoch.isUnclaimed()
                && unclaimed.count() > context.session().settings().maxUnclaimed()) {
            unclaimed.withdraw(epoch);
            epoch.evict(ErrorCode.UNCLAIMED);
        }
    }

    /** An epoch that nobody here is told of: STOP, and its half lives on only until the peer has answered. */
    private void turnAway(StreamId id, StreamFrame.Open f, ErrorCode why) {
        StreamEpoch unwanted = begin(id, f);
        unwanted.withdraw();
        unwanted.sending().abandon();
        attach(unwanted, f);
        unwanted.evict(why);
    }

    private StreamEpoch begin(StreamId id, StreamFrame.Open f) {
        return context.begin(new Opening(id, f.name(), f.headers(), false, f.handlerOnly()), f.epoch());
    }

    /** Only here the promised window is taken over: an OPEN that ends the session must not keep its memory. */
    private void attach(StreamEpoch epoch, StreamFrame.Open f) {
        opens.take(f.handle());
        epoch.attach(f);
        context.handles().add(epoch.receiving());
        context.lane().onPromised();
    }
}
