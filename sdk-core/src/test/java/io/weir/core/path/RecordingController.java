package io.weir.core.path;

import java.util.ArrayList;
import java.util.List;

/** Writes down what it is told, and has the window that a test gives it. */
final class RecordingController implements CongestionController {

    final List<String> told = new ArrayList<>();
    long windowBytes = 10_000;

    @Override
    public void onSent(long number, long inFlightBytes, long nowNanos) {
        told.add("sent " + number + " behind " + inFlightBytes);
    }

    @Override
    public void onAcked(long number, int bytes, boolean appLimited, long nowNanos) {
        told.add("acked " + number + (appLimited ? " limited" : ""));
    }

    @Override
    public void onRoundTrip(long latestNanos, long smoothedNanos) {
        told.add("round trip " + latestNanos + " " + smoothedNanos);
    }

    @Override
    public void onCongestion(CongestionSignal signal, long number, double leastShare) {
        told.add(signal + " " + number);
    }

    @Override
    public void onSpuriousLoss(long number) {
        told.add("spurious " + number);
    }

    @Override
    public void onDatagramBytes(int bytes) {
        told.add("datagrams of " + bytes);
    }

    @Override
    public long windowBytes() {
        return windowBytes;
    }

    @Override
    public boolean slowStart() {
        return false;
    }
}
