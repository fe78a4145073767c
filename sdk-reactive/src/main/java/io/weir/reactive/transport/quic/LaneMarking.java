package io.weir.reactive.transport.quic;

import io.weir.core.path.LaneMarks;
import io.weir.core.wire.MarkFrames;
import io.weir.reactive.transport.SessionLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Says MARK in every lane of this side's when a peer has moved, or marks its own, and answers those of the peer's. What is under way to an
 * address that a peer leaves QUIC's library sends again in part only; of a lane with a gap in it nothing comes any more. Loop-confined.
 */
final class LaneMarking implements MarkFrames.Taker {

    /** Answers that wait for QUIC, more than there are lanes; further ones are dropped, to a peer that says MARK again and again. */
    private static final int MOST_ANSWERS = 4_096;

    private final Supplier<Set<LaneOutput>> lanes;
    private final SessionLoop loop;
    private final Runnable onAnswer;
    private final LaneMarks<LaneOutput> marks = new LaneMarks<>();
    private final Deque<Long> answers = new ArrayDeque<>();

    /**
     * @param lanes those that there are now
     * @param onAnswer there is something for {@link #answer}
     */
    LaneMarking(Supplier<Set<LaneOutput>> lanes, SessionLoop loop, Runnable onAnswer) {
        this.lanes = lanes;
        this.loop = loop;
        this.onAnswer = onAnswer;
    }

    /** The peer has been proved to be at another address. */
    void onMoved() {
        marks.begin();
        markAll();
    }

    @Override
    public void onMark(long round, long number) {
        if (answers.size() < MOST_ANSWERS) {
            answers.add(number);
            onAnswer.run();
        }
        if (marks.joins(round)) {
            markAll();
        }
    }

    @Override
    public void onMarked(long number) {
        LaneOutput again = marks.onMarked(number);
        if (again != null) {
            mark(again);
        }
    }

    /** Writes what is to be answered, as far as QUIC takes it. */
    void answer(LaneOutput control) {
        while (!answers.isEmpty() && control.isFree()) {
            byte[] block = MarkFrames.marked(answers.remove());
            control.write(block, 0, block.length);
        }
    }

    /** That lane is over. */
    void forget(LaneOutput lane) {
        marks.forget(lane);
    }

    /** As {@link LaneMarks#stalledNanos}. */
    long stalledNanos(long nowNanos) {
        return marks.stalledNanos(nowNanos);
    }

    private void markAll() {
        lanes.get().forEach(this::mark);
    }

    private void mark(LaneOutput lane) {
        long number = lane.isFinished() ? 0 : marks.mark(lane, loop.nowNanos());
        if (number != 0) {
            byte[] block = MarkFrames.mark(marks.round(), number);
            lane.write(block, 0, block.length);
        }
    }
}
