package io.weir.reactive.session.message;

import io.weir.reactive.session.loop.SessionContext;
import java.util.concurrent.RejectedExecutionException;

/**
 * One session's places for messages that are being handled: {@value #OWN} of its own, so that no other session can keep
 * it from handling anything, and beyond them up to a quarter of the node's. Loop-confined but for {@link #give}.
 */
public final class SessionPlaces implements NodePlaces.Waiter {

    /** Places that a session always has. */
    public static final int OWN = 16;

    private final NodePlaces node;
    private final SessionContext session;
    private final Runnable onPlace;
    private final Runnable given = this::onGiven;
    private final int mostShared;
    private int taken;
    private boolean waits;
    /** Was given by the node, and is not taken yet. */
    private boolean spare;

    /** @param onPlace called when there may be a place, after {@link #tryTake} has refused one */
    SessionPlaces(NodePlaces node, SessionContext session, Runnable onPlace) {
        this.node = node;
        this.session = session;
        this.onPlace = onPlace;
        mostShared = Math.max(1, node.most() / 4);
    }

    /** Takes a place; if there is none, this session stands in line for the next of the node's. */
    boolean tryTake() {
        if (taken < OWN || spare) {
            spare &= taken < OWN;
            taken++;
            return true;
        }
        if (waits || taken - OWN >= mostShared) {
            return false; // at its most, it gets one when it gives one back
        }
        if (node.tryTake()) {
            taken++;
            return true;
        }
        waits = true;
        node.await(this);
        return false;
    }

    void release() {
        taken--;
        if (taken >= OWN) {
            node.release();
        }
    }

    @Override
    public boolean give() {
        try {
            session.loop().execute(given);
            return true;
        } catch (RejectedExecutionException e) {
            return false; // with its loop the session has ended
        }
    }

    /** Stands in nobody's way; what is handled keeps its place until it is done. */
    void onSessionEnd() {
        if (waits && node.forget(this)) {
            waits = false;
        }
    }

    private void onGiven() {
        waits = false;
        spare = true;
        onPlace.run();
        if (spare) {
            spare = false;
            node.release(); // what waited for it was cancelled, or got an own one meanwhile
        }
    }
}
