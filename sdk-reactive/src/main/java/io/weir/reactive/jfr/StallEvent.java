package io.weir.reactive.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.SettingDefinition;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A sending half was blocked for long. It comes at the end: that the link was blocked is not known to each half before. */
@Name("io.weir.Stall")
@Label("Stall")
@Description("The end of a time in which a stream could not send what it had")
@Category("Weir")
@StackTrace(false)
final class StallEvent extends Event {

    @Label("Session")
    long sessionId;

    @Label("Peer")
    @Nullable
    String peer;

    @Label("Stream")
    @Nullable
    String stream;

    @Label("Blocked By")
    @Description("credit: the subscriber at the peer is slow; link: the connection is")
    @Nullable
    String blockedBy;

    @Label("Blocked For")
    @Timespan(Timespan.NANOSECONDS)
    long blockedFor;

    @SettingDefinition
    @Name("blockedThreshold")
    @Label("Blocked Threshold")
    @Description("Shorter stalls are left out")
    boolean isLong(BlockedThreshold threshold) {
        return blockedFor >= threshold.nanos();
    }
}
