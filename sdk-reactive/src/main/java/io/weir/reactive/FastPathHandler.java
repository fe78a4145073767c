package io.weir.reactive;

import io.weir.reactive.dispatch.BoundedTasks;
import io.weir.reactive.dispatch.TaskThreads;
import io.weir.reactive.dispatch.Workers;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Answers the questions of one command of the fast path: single datagrams in the clear, of anybody, each answered by one that is
 * smaller, without a session and without state. Called on the loop of the port that the question came to, at the end of a turn in
 * which sessions have had theirs; it must not block, and should make no objects. What it throws is told to the log, and the question
 * is dropped.
 *
 * <p>A question proves nothing about who asks: its source address is what it says. So an answer must not be worth asking for in
 * another's name, nor change anything here.
 */
@FunctionalInterface
public interface FastPathHandler {

    /** How many questions wait for, or are at, a scheduler's threads, where nothing else is said. */
    int DEFAULT_WAITING = 1_024;

    /**
     * Answers a question, or does not.
     *
     * @param question the body, from position to limit; read-only, borrowed until this returns
     * @param answer to be written at its position: the body of the answer, for which there is as much room as it may have, less than
     *     the question's bytes and 1,198 at the most. Borrowed until this returns
     * @return whether what was written is sent, also if it is nothing; false drops the question, which is counted
     */
    boolean answer(ByteBuffer question, ByteBuffer answer);

    /** {@link #on(Scheduler, int)} with {@link #DEFAULT_WAITING}. */
    default FastPathHandler on(Scheduler scheduler) {
        return on(scheduler, DEFAULT_WAITING);
    }

    /**
     * This handler, called on a scheduler's threads, on several at once, where it may block. No question waits on the loop: beyond
     * the bound, or where the scheduler takes no more, it is dropped and counted, and whoever asked hears nothing.
     *
     * @param mostWaiting how many may wait or be worked for at a time, 1 to 65,536
     */
    default FastPathHandler on(Scheduler scheduler, int mostWaiting) {
        return new MovedFastPath(this, new BoundedTasks(scheduler, mostWaiting));
    }

    /**
     * This handler, called by these workers, on several of their threads at once, where it may block. No question waits on the loop:
     * one beyond what may wait for the workers is dropped and counted, and whoever asked hears nothing. To the workers all questions
     * of a node are one session's, since nobody knows who asks them: they have a quarter of the places at the most.
     */
    default FastPathHandler on(Workers workers) {
        return new MovedFastPath(this, workers.queue());
    }

    /** Where it is called; null is the loop. Not to be overridden: {@link #on} says it. */
    default @Nullable TaskThreads tasks() {
        return null;
    }
}
