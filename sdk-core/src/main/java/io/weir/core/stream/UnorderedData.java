package io.weir.core.stream;

import io.weir.core.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * DATA of one receiving half where it comes in any order, and again: between the peer and the half's {@link Intake}, which
 * takes it in order, as the peer's OPEN says that its half is. PROTOCOL section 4, "Order".
 */
final class UnorderedData implements Sequencer.Sink {

    private final ReceiveHalf half;
    private final SessionView session;
    private final Intake intake;
    private final InOrderSequencer inOrder;
    private final @Nullable LossySequencer lossy;
    private final Sequencer sequencer;
    /** What came in order cannot be: the error with which to end the session. */
    private @Nullable ErrorCode violation;

    /** @param early what has come before the half's OPEN */
    UnorderedData(ReceiveHalf half, SessionView session, Intake intake, OffsetBuffer early) {
        this.half = half;
        this.session = session;
        this.intake = intake;
        this.inOrder = new InOrderSequencer(this, early);
        this.lossy = half.stream().peerReliable() ? null : new LossySequencer(this);
        this.sequencer = lossy == null ? inOrder : lossy;
    }

    /** As {@link Sequencer#accept}; what it returns other than null ends the session. */
    @Nullable
    ErrorCode onData(
            boolean first,
            boolean last,
            long at,
            long seq,
            long total,
            byte[] array,
            int offset,
            int length,
            int recordLength) {
        if (half.ended()) {
            if (first && lossy != null) {
                onLate();
            }
            return null; // it was on its way
        }
        return concluded(
                sequencer.accept(first, last, at, seq, total, array, offset, length, recordLength, intake.limit()));
    }

    /** Hands on what has come before the half's OPEN; of a fire-and-forget half nothing, as its numbers are not known. */
    @Nullable
    ErrorCode onOpened() {
        boolean beyond = lossy == null && inOrder.highest() > intake.limit();
        return half.ended()
                ? null
                : concluded(beyond ? ErrorCode.FLOW_CONTROL : lossy == null ? inOrder.drain() : null);
    }

    /** The peer has sent so much: what a fire-and-forget half lacks of that is lost. False if more has come. */
    boolean onSent(long offset) {
        if (lossy != null) {
            lossy.settle(offset);
        }
        return sequencer.highest() <= offset;
    }

    /** The half is over. */
    void clear() {
        inOrder.clear();
        sequencer.clear();
    }

    @Override
    public boolean onFragment(
            boolean first, boolean last, long total, byte[] array, int offset, int length, int recordLength) {
        violation = half.onData(first, last, total, array, offset, length, recordLength);
        return violation == null && !half.ended();
    }

    @Override
    public void onGap(long units) {
        intake.onLost(units);
    }

    @Override
    public void onLate() {
        session.onLate();
    }

    @Override
    public void onAbandoned() {
        intake.onAbandoned();
    }

    /** What contradicts itself ends the half only. */
    private @Nullable ErrorCode concluded(@Nullable ErrorCode ofHalf) {
        if (violation == null && ofHalf != null && !half.ended()) {
            half.stream().fail(ofHalf);
        }
        return violation;
    }
}
