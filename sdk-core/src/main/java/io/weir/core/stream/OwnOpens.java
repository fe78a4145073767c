package io.weir.core.stream;

import org.jspecify.annotations.Nullable;

/**
 * The streams that this side opens; {@link PeerOpens} is for the peer's. Bounded by {@link
 * StreamSettings#maxOpened}, those that wait for the peer to allow their OPEN included.
 */
final class OwnOpens {

    private final StreamContext context;
    private final PeerOpens peerOpens;
    private final GoingAway goingAway;

    OwnOpens(StreamContext context, PeerOpens peerOpens, GoingAway goingAway) {
        this.context = context;
        this.peerOpens = peerOpens;
        this.goingAway = goingAway;
    }

    /** Joins the peer's epoch of this id if it waits to be claimed, else begins the next one. */
    StreamEpoch open(Opening opening, StreamConfig config, StreamListener listener) {
        EpochBook epochs = context.epochs();
        StreamEpoch current = epochs.current(opening.id());
        if (current != null && current.isUnclaimed()) {
            peerOpens.accept(current, config, listener);
            return current;
        }
        if (current != null && current.isOpen()) {
            throw new IllegalStateException(current + " is live: join it");
        }
        if (!canOpen()) {
            throw new IllegalStateException(whyNot());
        }
        StreamEpoch epoch = context.begin(opening, epochs.highest(opening.id()) + 1);
        epochs.add(epoch);
        epoch.claim(config, listener);
        context.lane().open(epoch.sending(), false);
        return epoch;
    }

    boolean canOpen() {
        return isSessionOpen()
                && !goingAway.isAnywhere()
                && context.epochs().opened() < context.session().settings().maxOpened();
    }

    @Nullable
    StreamEpoch live(StreamId id) {
        StreamEpoch current = context.epochs().current(id);
        return current != null && current.isOpen() ? current : null;
    }

    private boolean isSessionOpen() {
        return context.session().isGreeted() && !context.lane().isClosed();
    }

    private String whyNot() {
        if (!isSessionOpen()) {
            return "the session is not open";
        }
        return goingAway.isAnywhere()
                ? "the session is going away"
                : "maxOpened is reached: " + context.epochs().opened();
    }
}
