package io.weir.core.stream;

import io.weir.core.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Where fragments come in any order, and come again, before a half's {@link Intake}: turns (offset, fragment) into the order
 * that the intake takes. Only where {@link io.weir.core.wire.FrameOrder#NONE} is promised. PROTOCOL section 4, "Order".
 *
 * <pre>
 *   DATA --&gt; Sequencer --&gt; Intake
 *              | ahead of its turn
 *              v
 *           OffsetBuffer, within what the half has reserved
 * </pre>
 *
 * <p>Confined to the session's loop.
 */
sealed interface Sequencer permits InOrderSequencer, LossySequencer {

    /** Takes what has its turn. */
    interface Sink {

        /**
         * An element or a fragment of one, each behind the one before.
         *
         * @param total bytes of the whole element if first and not last
         * @param recordLength as that of {@link ElementQueue#add}
         * @return whether more is wanted: false ends what is being handed on
         */
        boolean onFragment(
                boolean first, boolean last, long total, byte[] array, int offset, int length, int recordLength);

        /** So many units of the offset space will never come: they count as consumed. */
        void onGap(long units);

        /** An element, or the first fragment of one, has come too late: it is dropped. */
        default void onLate() {}

        /** The rest of the element of which fragments were handed on will never come: what was handed on of it is dropped. */
        void onAbandoned();
    }

    /**
     * Takes a fragment, and hands on what has its turn now.
     *
     * @param at its offset
     * @param seq number of its element, where the half is fire-and-forget
     * @param total bytes of the whole element if first and not last
     * @param limit of the half's credit: nothing beyond it is kept
     * @return null, or why the half is to be ended: FLOW_CONTROL, or PROTOCOL_VIOLATION where it contradicts what came before
     */
    @Nullable
    ErrorCode accept(
            boolean first,
            boolean last,
            long at,
            long seq,
            long total,
            byte[] array,
            int offset,
            int length,
            int recordLength,
            long limit);

    /** Offset up to which all was handed on, or will never come. */
    long settled();

    /** Offset behind the last that came. */
    long highest();

    /** Heap of what waits, in bytes. */
    long heldHeapBytes();

    /** The half is over: drops what waits. */
    void clear();
}
