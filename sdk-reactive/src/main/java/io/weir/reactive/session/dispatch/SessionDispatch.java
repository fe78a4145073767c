package io.weir.reactive.session.dispatch;

import io.weir.reactive.NodeLimits;
import io.weir.reactive.session.loop.ForeignCalls;
import io.weir.reactive.session.loop.SessionContext;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One session's places for handlers that run: {@value #OWN} of its own, so that no other session can keep it from being
 * served, and beyond them up to a quarter of the node's. A request or a stream that finds none is refused, by whoever asks
 * here; one-way messages wait in line for the next of the node's, and leave {@value #KEPT} of the own ones to those that cannot
 * wait. What still runs when the session has ended is {@link NodePlaces#leaveBehind left behind}. Loop-confined but for {@link #give}
 * and {@link #release}.
 */
public final class SessionDispatch implements NodePlaces.Waiter {

    /** Places that a session always has. */
    public static final int OWN = NodeLimits.HANDLED_OF_ITS_OWN;

    /** How many of them one-way messages leave to requests and streams. */
    public static final int KEPT = 4;

    private final NodePlaces node;
    private final Interceptors interceptors;
    private final SessionContext session;
    private final ForeignCalls calls;
    private final Runnable given = this::onGiven;
    private final Runnable released = this::onReleased;
    private final int mostShared;
    private @Nullable Runnable onPlace;
    private int own;
    private int shared;
    private boolean waits;
    /** Somebody got none, and has not been told of another since. */
    private boolean refused;
    /** Was given by the node, and is not taken yet. */
    private boolean spare;

    /** It has places of its own, for good. */
    private boolean hasOwn;

    /** What is told when it may have them; null while it does not wait for that. */
    private @Nullable Runnable ownGranted;

    private boolean ended;

    SessionDispatch(Dispatch dispatch, SessionContext session) {
        this.node = dispatch.places();
        this.interceptors = dispatch.interceptors();
        this.session = session;
        calls = new ForeignCalls(session.loop(), session::onDefect);
        mostShared = Math.max(1, node.most() / 4);
        hasOwn = node.grantsOwn();
    }

    /** @param action called when there may be a place, after {@link #tryTakeOrAwait} has refused one */
    public void onPlace(Runnable action) {
        onPlace = action;
    }

    /** Takes a place; false if there is none. */
    public boolean tryTake() {
        return takeOwn(OWN) || takeShared();
    }

    /** The same; if there is none, the session stands in line for the next of the node's. */
    public boolean tryTakeOrAwait() {
        if (takeOwn(OWN - KEPT)) {
            return true;
        }
        if (spare) {
            spare = false;
            shared++;
            return true;
        }
        if (waits || shared >= mostShared) {
            refused = true;
            return false; // at its most, it gets one when it gives one back
        }
        if (takeShared()) {
            return true;
        }
        refused = true;
        waits = true;
        node.await(this);
        return false;
    }

    private boolean takeOwn(int most) {
        boolean free = own < most && hasOwn();
        if (free) {
            own++;
        }
        return free;
    }

    private boolean hasOwn() {
        if (!hasOwn) {
            hasOwn = node.grantsOwn();
        }
        if (!hasOwn && ownGranted == null) {
            Runnable told = () -> tell(this::onOwnGranted);
            ownGranted = told;
            node.awaitOwn(told);
        }
        return hasOwn;
    }

    private void onOwnGranted() {
        ownGranted = null;
        offer();
    }

    private boolean takeShared() {
        boolean free = shared < mostShared && node.tryTake();
        if (free) {
            shared++;
        }
        return free;
    }

    /** A place is free again. Any thread. */
    void release() {
        session.run(released);
    }

    /**
     * The same, on the loop. The kept ones are free again first, whoever it was that had a place: else messages, which take the node's
     * next, would have the place of each request that ends, until none is left to those that cannot wait. Then the node's goes back, for
     * which others may wait.
     */
    void onReleased() {
        if (shared > 0 && own <= OWN - KEPT) {
            shared--;
            node.release();
        } else {
            own--;
            if (ended) {
                node.releaseLeftBehind();
            }
        }
        offer();
    }

    private void offer() {
        if (refused && onPlace != null) {
            refused = false; // unless it is refused again
            onPlace.run();
        }
    }

    @Override
    public boolean give() {
        return tell(given);
    }

    /** Has that done on the loop; false if there is nobody to do it. */
    private boolean tell(Runnable task) {
        try {
            session.loop().execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false; // with its loop the session has ended
        }
    }

    private void onGiven() {
        waits = false;
        spare = true;
        offer();
        if (spare) {
            spare = false;
            node.release(); // what waited for it was forgotten, or got an own one meanwhile
        }
    }

    /** Stands in nobody's way; what runs keeps its place until it is done. */
    public void onSessionEnd() {
        if (waits && node.forget(this)) {
            waits = false;
        }
        if (ownGranted != null) {
            node.forgetOwn(ownGranted);
        }
        ended = true;
        node.leaveBehind(own);
    }

    /** What other threads want done on the loop. */
    public ForeignCalls calls() {
        return calls;
    }

    /** Who sees what begins, here or at the peer. */
    public Interceptors interceptors() {
        return interceptors;
    }

    SessionContext session() {
        return session;
    }
}
