package io.weir.reactive.session.setup;

import io.weir.reactive.session.Session;
import io.weir.reactive.transport.SessionLoop;

/**
 * A connection whose peer has proved who it is, and which the node may let become the one session with that peer: see
 * {@link SetupHost#contend}.
 */
public interface Contender {

    /** The session that it is to be. */
    Session session();

    /** Where the connection lives. */
    SessionLoop loop();

    /** When its handshake runs out of time, on its loop's clock. */
    long deadlineNanos();

    /** It may say HELLO. Any thread. */
    void goOn();

    /** Another session with the peer lives instead: says END(DUPLICATE_SESSION); a dial leads to that one. Any thread. */
    void giveWayTo(Session survivor);

    /** The peer has come again, and only the later connection may wait: says END(DUPLICATE_SESSION). Any thread. */
    void giveWay();
}
