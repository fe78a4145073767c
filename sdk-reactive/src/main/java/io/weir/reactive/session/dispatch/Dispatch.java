package io.weir.reactive.session.dispatch;

import io.weir.reactive.session.loop.SessionContext;

/**
 * Where a node calls the handlers of what its peers begin, be it a request, a one-way message or a stream: one bound for all
 * three and all sessions, shared out fairly by session ({@link SessionDispatch}), and one place that calls ({@link
 * HandlerCall}).
 *
 * <pre>
 *   request ---+                        +--a place is free--&gt; HandlerCall --&gt; the handler, on the loop or where it wants to be
 *   one-way ---+--&gt; SessionDispatch ----+                         |
 *   stream ----+         ^              +--none: BUSY, or waits   |
 *                        +-----------------the place comes back---+
 * </pre>
 *
 * Thread safe.
 */
public final class Dispatch {

    private final NodePlaces places;
    private final Interceptors interceptors;

    /**
     * @param mostHandled handlers that run at once, beside what each session has of its own
     * @param interceptors see each call
     */
    public Dispatch(int mostHandled, Interceptors interceptors) {
        this.places = new NodePlaces(mostHandled);
        this.interceptors = interceptors;
    }

    /** One session's part in it. */
    public SessionDispatch forSession(SessionContext session) {
        return new SessionDispatch(this, session);
    }

    NodePlaces places() {
        return places;
    }

    Interceptors interceptors() {
        return interceptors;
    }
}
