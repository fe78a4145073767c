package io.weir.core.path;

/**
 * Which packets the latest reduction of the window was for: all that had been sent when it happened. So a window is reduced
 * once for what happened within one round trip, and grows again with the first packet sent after (RFC 9002 section 7.3.2).
 */
final class RecoveryPeriod {

    private static final long NONE = -1;

    private long largestSent = NONE;
    private long last = NONE;
    private long lastBefore = NONE;
    private boolean cutShort;

    void onSent(long number) {
        largestSent = number;
    }

    /** The window is reduced for what has been sent so far. */
    void begin() {
        lastBefore = last;
        last = largestSent;
        cutShort = false;
    }

    /** The window has collapsed: whatever arrives makes it grow, though what else gets lost is accounted for (section 7.6). */
    void cutShort() {
        cutShort = true;
    }

    /** There was no reason for it: as if it had not begun. */
    void undo() {
        last = lastBefore;
        cutShort = false;
    }

    /** Whether a loss of this packet is accounted for by a reduction. */
    boolean coversLossOf(long number) {
        return number <= last;
    }

    /** Whether the arrival of this packet says nothing about the window as it is now. */
    boolean coversArrivalOf(long number) {
        return !cutShort && number <= last;
    }

    /** Whether the latest reduction was for this packet, and none before it. */
    boolean beganFor(long number) {
        return number > lastBefore && number <= last;
    }

    long largestSent() {
        return largestSent;
    }
}
