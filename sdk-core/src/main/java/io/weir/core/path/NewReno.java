package io.weir.core.path;

import org.jspecify.annotations.Nullable;

/**
 * The congestion controller of RFC 9002 section 7: doubles its window each round trip until the first loss, then one datagram
 * more each round trip, and half of the window at each loss. Slow to fill a path that is long and fast: it is the yardstick
 * and a fallback, {@link Cubic} the rule.
 */
public final class NewReno implements CongestionController {

    private static final long UNKNOWN = Long.MAX_VALUE;

    private static final double BETA = 0.5;

    private final RecoveryPeriod recovery = new RecoveryPeriod();
    private int datagramBytes;
    private long windowBytes;
    private long thresholdBytes = UNKNOWN;
    private long ackedBytes; // towards the next datagram of growth
    private @Nullable Before undo;

    private record Before(long windowBytes, long thresholdBytes) {}

    /** For a new path. */
    public NewReno(int datagramBytes) {
        this.datagramBytes = datagramBytes;
        windowBytes = CongestionWindow.initial(datagramBytes);
    }

    @Override
    public void onSent(long number, long inFlightBytes, long nowNanos) {
        recovery.onSent(number);
    }

    @Override
    public void onRoundTrip(long latestNanos, long smoothedNanos) {}

    @Override
    public void onAcked(long number, int bytes, boolean appLimited, long nowNanos) {
        if (appLimited || recovery.coversArrivalOf(number)) {
            return;
        }
        if (slowStart()) {
            grow(bytes);
            return;
        }
        // Section 7.3.3: at most one datagram more for each window that is acknowledged.
        ackedBytes += bytes;
        if (ackedBytes >= windowBytes) {
            ackedBytes -= windowBytes;
            grow(datagramBytes);
        }
    }

    @Override
    public void onCongestion(CongestionSignal signal, long number, double leastShare) {
        if (!recovery.coversLossOf(number)) {
            undo = new Before(windowBytes, thresholdBytes);
            recovery.begin();
            double beta = Math.max(BETA, leastShare);
            thresholdBytes = Math.max((long) (windowBytes * beta), CongestionWindow.least(datagramBytes));
            windowBytes = thresholdBytes;
            ackedBytes = 0;
        }
        if (signal == CongestionSignal.ECN) {
            undo = null; // the path has said itself that it is full
        }
        if (signal == CongestionSignal.PERSISTENT_LOSS) {
            windowBytes = CongestionWindow.least(datagramBytes);
            recovery.cutShort();
        }
    }

    @Override
    public void onSpuriousLoss(long number) {
        if (undo == null || !recovery.beganFor(number)) {
            return;
        }
        if (windowBytes < undo.windowBytes) {
            windowBytes = undo.windowBytes;
            thresholdBytes = undo.thresholdBytes;
        }
        undo = null;
        recovery.undo();
    }

    @Override
    public void onDatagramBytes(int bytes) {
        boolean untouched = thresholdBytes == UNKNOWN && windowBytes == CongestionWindow.initial(datagramBytes);
        datagramBytes = bytes;
        windowBytes =
                untouched ? CongestionWindow.initial(bytes) : Math.max(windowBytes, CongestionWindow.least(bytes));
    }

    @Override
    public long windowBytes() {
        return windowBytes;
    }

    @Override
    public boolean slowStart() {
        return windowBytes < thresholdBytes;
    }

    private void grow(int bytes) {
        windowBytes = Math.min(windowBytes + bytes, CongestionWindow.MOST_BYTES);
    }
}
