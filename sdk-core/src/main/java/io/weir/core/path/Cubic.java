package io.weir.core.path;

import org.jspecify.annotations.Nullable;

/**
 * CUBIC (RFC 9438) with HyStart++ (RFC 9406): its window follows {@link CubicCurve} in congestion avoidance, is reduced to 0.7
 * at congestion, and is given back where a loss was none. The first slow start ends when {@link HyStart} sees a queue.
 */
public final class Cubic implements CongestionController {

    private final RecoveryPeriod recovery = new RecoveryPeriod();
    private final HyStart hyStart = new HyStart();
    private CubicCurve curve = new CubicCurve();
    private int datagramBytes;
    private double windowBytes;
    private double thresholdBytes = Double.POSITIVE_INFINITY;
    private long smoothedNanos = PacketRttEstimator.INITIAL_NANOS;
    private @Nullable Before undo;

    private record Before(double windowBytes, double thresholdBytes, CubicCurve curve) {}

    /** For a new path. */
    public Cubic(int datagramBytes) {
        this.datagramBytes = datagramBytes;
        windowBytes = CongestionWindow.initial(datagramBytes);
    }

    @Override
    public void onSent(long number, long inFlightBytes, long nowNanos) {
        recovery.onSent(number);
        if (inFlightBytes == 0) {
            curve.pause(nowNanos);
        }
    }

    @Override
    public void onRoundTrip(long latestNanos, long smoothedNanos) {
        this.smoothedNanos = smoothedNanos;
        if (firstSlowStart()) {
            hyStart.onRoundTrip(latestNanos);
        }
    }

    @Override
    public void onAcked(long number, int bytes, boolean appLimited, long nowNanos) {
        if (appLimited) {
            curve.pause(nowNanos);
        } else if (!recovery.coversArrivalOf(number)) {
            grow(bytes, nowNanos);
        }
        if (firstSlowStart() && hyStart.onAcked(number, recovery.largestSent())) {
            thresholdBytes = windowBytes;
        }
    }

    @Override
    public void onCongestion(CongestionSignal signal, long number, double leastShare) {
        if (!recovery.coversLossOf(number)) {
            undo = new Before(windowBytes, thresholdBytes, new CubicCurve(curve));
            recovery.begin();
            curve.onCongestion(windowBytes);
            double beta = Math.max(CubicCurve.BETA, leastShare);
            thresholdBytes = Math.max(windowBytes * beta, CongestionWindow.least(datagramBytes));
            windowBytes = thresholdBytes;
        }
        if (signal == CongestionSignal.ECN) {
            undo = null; // the path has said itself that it is full
        }
        if (signal == CongestionSignal.PERSISTENT_LOSS) {
            windowBytes = CongestionWindow.least(datagramBytes);
            curve.onPersistentLoss();
            recovery.cutShort();
        }
    }

    @Override
    public void onSpuriousLoss(long number) {
        if (undo == null || !recovery.beganFor(number)) {
            return;
        }
        // Section 4.9.2: where the window has grown beyond what it was, what it has learnt since is kept.
        if (windowBytes < undo.windowBytes) {
            windowBytes = undo.windowBytes;
            thresholdBytes = undo.thresholdBytes;
            curve = undo.curve;
        }
        undo = null;
        recovery.undo();
    }

    @Override
    public void onDatagramBytes(int bytes) {
        boolean untouched = firstSlowStart() && windowBytes == CongestionWindow.initial(datagramBytes);
        datagramBytes = bytes;
        windowBytes =
                untouched ? CongestionWindow.initial(bytes) : Math.max(windowBytes, CongestionWindow.least(bytes));
        curve.onDatagramBytes();
    }

    @Override
    public long windowBytes() {
        return (long) windowBytes;
    }

    @Override
    public boolean slowStart() {
        return windowBytes < thresholdBytes;
    }

    private boolean firstSlowStart() {
        return thresholdBytes == Double.POSITIVE_INFINITY;
    }

    private void grow(int bytes, long nowNanos) {
        if (firstSlowStart()) {
            windowBytes += hyStart.growth(bytes);
        } else if (slowStart()) {
            windowBytes += bytes;
        } else {
            windowBytes = curve.next(windowBytes, bytes, datagramBytes, smoothedNanos, nowNanos);
        }
        windowBytes = Math.min(windowBytes, CongestionWindow.MOST_BYTES);
    }
}
