package io.weir.reactive.operator;

import io.weir.core.path.PacketRttEstimator;
import org.jspecify.annotations.Nullable;

/** A plain {@link Renewal} as {@link PacketRenewal}, of one subscriber: there is no path, and elements are counted. */
final class ElementRenewal<T> implements PacketRenewal<T> {

    private final Renewal<T> renewal;
    private final PacketRttEstimator rtt;

    ElementRenewal(Renewal<T> renewal, long maxFeedbackDelayNanos) {
        this.renewal = renewal;
        this.rtt = new PacketRttEstimator(maxFeedbackDelayNanos);
    }

    /** What a subscriber asks, whoever has assembled the flux. */
    static <T> PacketRenewal<T> of(Renewal<T> renewal, long maxFeedbackDelayNanos) {
        return renewal instanceof PacketRenewal<T> packets
                ? packets
                : new ElementRenewal<>(renewal, maxFeedbackDelayNanos);
    }

    @Override
    public @Nullable T renew(T lost) {
        return renewal.renew(lost);
    }

    @Override
    public void onAcknowledged(T arrived) {
        renewal.onAcknowledged(arrived);
    }

    @Override
    public boolean elicitsFeedback(T element) {
        return renewal.elicitsFeedback(element);
    }

    @Override
    public PacketRttEstimator roundTrip() {
        return rtt;
    }

    @Override
    public void onRoundTrip(long number, long rttNanos, long ackDelayNanos) {
        rtt.onSample(rttNanos, ackDelayNanos);
    }

    @Override
    public void onPersistentLoss() {
        rtt.onPersistentCongestion();
    }
}
