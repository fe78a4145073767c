package io.weir.reactive.session;

import io.weir.reactive.PeerSession;
import io.weir.reactive.session.loop.SessionContext;
import io.weir.reactive.session.message.Messages;
import io.weir.reactive.session.stream.Streams;

/** What a test may look at in a session that its users cannot. */
public final class SessionProbe {

    private SessionProbe() {}

    public static SessionContext context(PeerSession session) {
        return core(session);
    }

    public static Streams streams(PeerSession session) {
        return core(session).streams();
    }

    public static Messages messages(PeerSession session) {
        return core(session).messages();
    }

    private static SessionCore core(PeerSession session) {
        return ((Session) session).core();
    }
}
