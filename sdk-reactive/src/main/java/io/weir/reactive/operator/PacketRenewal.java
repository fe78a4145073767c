package io.weir.reactive.operator;

import io.weir.core.error.ErrorCode;
import io.weir.core.path.PacketRttEstimator;
import io.weir.core.wire.LinkFrame.Feedback;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Renewal} for elements that are packets on a path: it also says what each counts for, and hears everything that
 * {@link Reliability#send} finds out about them, which is what a congestion controller lives on.
 *
 * <p>For each {@link Feedback} the order is {@link #onRoundTrip}, {@link #onAcknowledged(long, Object, int, boolean, long)},
 * {@link #onSpuriousLoss}, {@link #onLost} with {@link #renew}, {@link #onPersistentLoss}, {@link #onJudged}. Times are
 * nanoseconds of the scheduler's clock.
 *
 * @param <T> the packets
 */
public interface PacketRenewal<T> extends Renewal<T> {

    /** The round trip by which losses are judged. Only read: the samples come by {@link #onRoundTrip}. */
    PacketRttEstimator roundTrip();

    /** What a packet counts for while it is under way; 1 where packets are counted. */
    default int bytes(T packet) {
        return 1;
    }

    /** Whether the packet that is about to get this number gets the next one instead; asked once for each number. */
    default boolean skips(long number) {
        return false;
    }

    /** The packet is about to be passed on, with this number. */
    default void onSent(long number, T packet, long nowNanos) {}

    /**
     * A sample of the round trip.
     *
     * @param ackDelayNanos how long the other side says that it has kept the acknowledgement back; whatever it says
     */
    void onRoundTrip(long number, long rttNanos, long ackDelayNanos);

    /**
     * The packet has arrived; in place of {@link #onAcknowledged(Object)}, which this calls.
     *
     * @param bytes what it counted for; 0 if it {@link #elicitsFeedback elicits none}
     * @param wasLost whether it was taken to be lost before
     */
    default void onAcknowledged(long number, T packet, int bytes, boolean wasLost, long nowNanos) {
        onAcknowledged(packet);
    }

    /** All packets that were taken to be lost since the last time that none was in doubt have arrived; this is one. */
    default void onSpuriousLoss(long number) {}

    /** The packet is taken to be lost. {@link #renew} follows, unless something has gone out in its place already. */
    default void onLost(long number, T packet, int bytes) {}

    /** All was lost for so long that the path is another one, by its last packets just told of. */
    void onPersistentLoss();

    /** Nothing was acknowledged for too long: what {@link #renew} is asked for next should go out whatever holds others back. */
    default void onProbeTimeout() {}

    /** All is told that was found out just now: of this feedback, or, if null, because time has passed. */
    default void onJudged(@Nullable Feedback feedback, long nowNanos) {}

    /**
     * The other side has acknowledged what was never sent: it breaks the protocol.
     *
     * @return whether that is dealt with, and the flux goes on; if not, it fails
     */
    default boolean onImpossible(ErrorCode error) {
        return false;
    }
}
