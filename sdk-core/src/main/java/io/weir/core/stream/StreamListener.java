package io.weir.core.stream;

import io.weir.core.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What a stream tells the host that opened or accepted it. Called on the session's loop.
 *
 * <p><b>Order.</b> {@link #onSendable} comes only between OPEN written and the end of the sending half. Each half tells
 * its end exactly once, {@link #onSendEnded} and {@link #onReceiveEnded} in either order; {@link #onEnded} comes last,
 * once. No {@link #onElement} follows {@link #onReceiveEnded}. None comes after {@link StreamTable#onSessionClosed}.
 *
 * <p><b>From where.</b> Only from inside a frame handler of {@link StreamTable}, {@link StreamTable#writeControl} and
 * {@link ReceiveHalf#consumed} (there {@link #onReceiveEnded} alone, for the last element). No other command calls back:
 * what a half owes its listener after {@link SendHalf#reset}, {@link ReceiveHalf#stop}, {@link StreamEpoch#evict} or a
 * late {@link StreamTable#accept} is told when the peer has answered, or by the next {@link StreamTable#writeControl}
 * where the peer never knew of the half.
 *
 * <p><b>Re-entrancy.</b> Every command of the table, of the epochs and of their halves may be given from inside each
 * callback. Frame handlers and {@link StreamTable#writeControl} may not be entered from inside one.
 */
public interface StreamListener {

    /** The sending half has opened (OPEN is written) or its credit has risen. May come without a change. */
    void onSendable();

    /**
     * The sending half is over.
     *
     * @param stopped null: the peer has consumed everything up to the final offset (RELIABLE), or CLOSE is written
     *     (FIRE_AND_FORGET), whatever code CLOSE carries. Otherwise the code of the peer's STOP, which also answers a {@link SendHalf#reset} of this
     *     side; or why this side had to end it (FLOW_CONTROL, SUPERSEDED)
     * @param rawCode the number of that code, 0 if null; tells numbers apart that {@code stopped} calls UNKNOWN
     */
    void onSendEnded(@Nullable ErrorCode stopped, long rawCode);

    /**
     * What was sent before CLOSE is settled: a drain is over (PROTOCOL section 4, "Ends"). Comes at most once, after
     * {@link #onSendEnded}, and not for a half that was reset.
     *
     * @param stopped null: the peer has consumed everything. Otherwise the code of its STOP: not everything
     * @param rawCode the number of that code, 0 if null
     */
    default void onSendSettled(@Nullable ErrorCode stopped, long rawCode) {}

    /**
     * An element, offered before it is queued: only while nothing is queued, so in order.
     *
     * @param array holds the payload; it may be kept (it is never written again), read only
     * @param offset of the payload in the array
     * @param length of the payload, 0 or more
     * @return true: taken and consumed, the user's onNext has returned. False: the machine queues it for
     *     {@link ReceiveHalf#poll}
     */
    boolean onElement(byte[] array, int offset, int length);

    /**
     * The receiving half is over.
     *
     * @param reset null: the peer completed it and every element has been consumed. Otherwise the code of the peer's CLOSE,
     *     after every element has been consumed; or that of its RESET or refusal; the code given to {@link
     *     ReceiveHalf#stop} once the peer has answered it; or why this side had to end it (FLOW_CONTROL, PAYLOAD_TOO_LARGE,
     *     SUPERSEDED), and what was queued is discarded
     * @param rawCode the number of that code, 0 if null
     */
    void onReceiveEnded(@Nullable ErrorCode reset, long rawCode);

    /** Both halves are confirmed ended and the last frame about them is written: the epoch can be forgotten. */
    void onEnded();
}
