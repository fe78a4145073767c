package io.weir.reactive.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A session, from ready to its end. */
@Name("io.weir.Session")
@Label("Session")
@Description("A session with a peer, from ready to its end")
@Category("Weir")
@StackTrace(false)
final class SessionEvent extends Event {

    @Label("Session")
    @Description("Its number at this node")
    long sessionId;

    @Label("Peer")
    @Nullable
    String peer;

    @Label("Remote Address")
    @Nullable
    String remoteAddress;

    @Label("Dialled Here")
    boolean initiator;

    @Label("Reason")
    @Description("Why it has ended")
    @Nullable
    String reason;

    @Label("Lived For")
    @Description("Its duration, also where the recorder was first used after the session began")
    @Timespan(Timespan.NANOSECONDS)
    long livedFor;

    /** When it was ready; not recorded. */
    transient long readyNanos;
}
