package io.weir.reactive.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** From the end of a session that was not in good order to the next session with the same peer. */
@Name("io.weir.Reconnect")
@Label("Reconnect")
@Description("From the end of a session that was not in good order to the next session with the same peer")
@Category("Weir")
@StackTrace(false)
final class ReconnectEvent extends Event {

    @Label("Peer")
    @Nullable
    String peer;

    @Label("Lost Session")
    long lostSessionId;

    @Label("Session")
    @Description("The next one")
    long sessionId;

    @Label("Reason")
    @Description("Why the session had ended")
    @Nullable
    String reason;

    @Label("Failed Dials")
    @Description("Dials to an address with the peer's id that failed meanwhile")
    int failedDials;
}
