package io.weir.core.stream;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * What an OPEN of the peer meets here: an epoch of the same number that waits for it, one that it ends, one that has left
 * it behind, or nothing. PROTOCOL section 4, "Epochs".
 *
 * <pre>
 *   OPEN(id, epoch)
 *     | epoch is remembered, the peer's half not open ---&gt; the two halves pair
 *     | epoch is remembered, the peer's half open -------&gt; the session ends
 *     | epoch is at most the highest --------------------&gt; STOP(STALE_EPOCH)
 *     | this side's OPEN is not written -----------------&gt; it takes this number, and they pair
 *     | nothing new begins any more ---------------------&gt; STOP(GOING_AWAY)
 *     | higher than the current one ---------------------&gt; that one ends; incoming
 *     | the id is not remembered ------------------------&gt; incoming: accept, refuse, or left unclaimed
 * </pre>
 */
final class Admission {

    /** Epochs rise by one; so far up only a peer that wants arithmetic to overflow gets. */
    private static final long MAX_EPOCH = 1L << 61;

    private final StreamTable table;
    private final StreamTable.Settings settings;
    private final OpenCredit opens;
    private final EpochBook epochs;
    private int unclaimed;
    private boolean goingAway;

    Admission(StreamTable table, StreamTable.Settings settings, OpenCredit opens, EpochBook epochs) {
        this.table = table;
        this.settings = settings;
        this.opens = opens;
        this.epochs = epochs;
    }

    @Nullable
    ErrorCode onOpen(Frame.Open f) {
        ErrorCode violation = opens.check(f.handle());
        if (violation != null || f.epoch() < 1 || f.epoch() > MAX_EPOCH || f.window() > table.peerInitialWindow()) {
            return violation != null ? violation : ErrorCode.PROTOCOL_VIOLATION;
        }
        StreamId id = new StreamId(f.id());
        StreamEpoch current = epochs.current(id);
        if (f.epoch() <= epochs.highest(id)) {
            StreamEpoch same = epochs.find(id, f.epoch());
            if (same != null) {
                return pair(same, f);
            }
            turnAway(id, f, ErrorCode.STALE_EPOCH);
        } else if (current != null && current.isPrivate()) {
            epochs.rebind(current, f.epoch());
            return pair(current, f);
        } else if (goingAway) {
            turnAway(id, f, ErrorCode.GOING_AWAY);
        } else {
            onIncoming(id, f, current);
        }
        return null;
    }

    void accept(StreamEpoch epoch, StreamConfig config, StreamListener listener) {
        checkUnclaimed(epoch);
        unclaimed--;
        epoch.claim(config, listener);
        table.lane().open(epoch.sending(), true);
    }

    void refuse(StreamEpoch epoch, ErrorCode code) {
        checkUnclaimed(epoch);
        unclaimed--;
        epoch.withdraw();
        epoch.evict(code);
    }

    /** The epoch is to be ended from here; if it still waits to be claimed, the host is told that it need not. */
    void withdraw(StreamEpoch epoch) {
        if (epoch.isUnclaimed()) {
            unclaimed--;
            epoch.withdraw();
            table.host().onWithdrawn(epoch);
        }
    }

    int unclaimed() {
        return unclaimed;
    }

    /** Nothing new is taken any more. */
    void goAway() {
        goingAway = true;
    }

    boolean isGoingAway() {
        return goingAway;
    }

    /** The peer's half of an epoch that is known here: opened at both ends at once, or the answer. */
    private @Nullable ErrorCode pair(StreamEpoch epoch, Frame.Open f) {
        if (!epoch.receiving().awaiting()) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        if (epoch.isPrivate()) {
            table.lane().open(epoch.sending(), true); // its OPEN is an answer now
        }
        attach(epoch, f);
        return null;
    }

    private void onIncoming(StreamId id, Frame.Open f, @Nullable StreamEpoch lower) {
        StreamEpoch epoch = begin(id, f);
        unclaimed++;
        epochs.add(epoch);
        attach(epoch, f);
        if (lower != null) {
            lower.fail(ErrorCode.SUPERSEDED);
        }
        // the listener of the lower one may have claimed the new one from inside
        if (epoch.isUnclaimed()) {
            table.host().onIncoming(epoch);
        }
        if (epoch.isUnclaimed() && unclaimed > settings.maxUnclaimed()) {
            withdraw(epoch);
            epoch.evict(ErrorCode.UNCLAIMED);
        }
    }

    /** An epoch that nobody here is told of: STOP, and its half lives on only until the peer has answered. */
    private void turnAway(StreamId id, Frame.Open f, ErrorCode why) {
        StreamEpoch unwanted = begin(id, f);
        unwanted.withdraw();
        unwanted.sending().abandon();
        attach(unwanted, f);
        unwanted.evict(why);
    }

    private StreamEpoch begin(StreamId id, Frame.Open f) {
        table.onBegun();
        return new StreamEpoch(table, id, f.epoch(), f.name(), f.headers(), false, f.handlerOnly());
    }

    /** Only here the promised window is taken over: an OPEN that ends the session must not keep its memory. */
    private void attach(StreamEpoch epoch, Frame.Open f) {
        opens.take();
        epoch.attach(f);
        table.onPeerOpened(epoch.receiving());
    }

    private static void checkUnclaimed(StreamEpoch epoch) {
        if (!epoch.isUnclaimed()) {
            throw new IllegalStateException(epoch + " is not unclaimed");
        }
    }
}
