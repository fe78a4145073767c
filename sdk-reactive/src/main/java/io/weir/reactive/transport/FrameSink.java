package io.weir.reactive.transport;

import io.weir.core.error.ErrorCode;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Carrier} brings, and what becomes of it. Everything here is authentic: a carrier keeps to itself what it
 * cannot prove to be the peer's. Called on the carrier's loop, never from inside one of the carrier's own methods.
 */
public interface FrameSink {

    /** Something has come; what follows now was in it. */
    void onInput();

    /**
     * A sign of life of the peer.
     *
     * @param bytes of frames that came with it and follow, 0 or more
     */
    void onHeard(int bytes);

    /** Whether parts of the next frames are likely to be kept, so that they want an array of their own. */
    boolean keepsFrames();

    /**
     * Whole frames of one lane, in its order.
     *
     * @param length of the frames, which begin the array
     * @param own whether parts of the array may be kept, so that it is never written again; if not, it is used again after
     *     the call
     * @return whether more is taken; false once the peer has broken a rule, which ends the session
     */
    boolean onFrames(Lane lane, byte[] array, int length, boolean own);

    /**
     * The peer broke a rule of the carrier itself: END with this code is to be said.
     *
     * @param problem in words, to this side only
     */
    void onViolation(ErrorCode error, String problem);

    /** Where frames may be lost: their owners have been told what has become of some. What a session waits for may be over. */
    default void onFatesTold() {}

    /** The peer has been proved to be at another address from now on. */
    default void onMoved(SocketAddress to) {}

    /** The peer seemed to be at another address, and was not proved to be: what is said goes where it went before. */
    default void onMoveUnproven() {}

    /** Everything up to this side's END has left, or nothing more can leave. Once. */
    void onFlushed();

    /** The peer has ended without END (null), or it broke. Once, and nothing comes after it. */
    void onLost(@Nullable Throwable failure);

    /** Something threw where it must not: the session ends, the node goes on. */
    void onDefect(Throwable defect);
}
