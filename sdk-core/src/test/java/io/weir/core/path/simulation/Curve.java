package io.weir.core.path.simulation;

import io.weir.core.path.PathStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The window of a flow by rounds: one ends when a packet that was sent after it began is acknowledged. */
final class Curve {

    private static final long MILLI = 1_000_000L;

    private final List<String> lines = new ArrayList<>();
    private long roundEnd = -1;

    Curve(PathStats stats) {
        lines.add("round       ms     window  in flight  lost");
        add(0, stats);
    }

    void onFeedback(long nowNanos, long largestAcked, long largestSent, PathStats stats) {
        if (largestAcked > roundEnd) {
            roundEnd = largestSent;
            add(nowNanos, stats);
        }
    }

    /** A line for each round. */
    String text() {
        return String.join("\n", lines) + "\n";
    }

    private void add(long nowNanos, PathStats stats) {
        lines.add(String.format(
                Locale.ROOT,
                "%5d %8.1f %10d %10d %5d",
                lines.size() - 1,
                (double) nowNanos / MILLI,
                stats.congestionWindowBytes(),
                stats.bytesInFlight(),
                stats.lostPackets()));
    }
}
