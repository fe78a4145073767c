package io.weir.core.message;

import io.weir.core.wire.FrameWriter;

/**
 * Whose packet is written next: the CANCELs first, then an answer and a request in turn, so that neither direction keeps the
 * other waiting. Confined to the session's loop.
 */
final class MessageTurns {

    private final RequestBook requestBook;
    private final AnswerBook answerBook;
    private final SendLane answers;
    private final SendLane requests;

    MessageTurns(RequestBook requestBook, AnswerBook answerBook, SendLane answers, SendLane requests) {
        this.requestBook = requestBook;
        this.answerBook = answerBook;
        this.answers = answers;
        this.requests = requests;
    }

    /** Whether {@link #write} has something to write. */
    boolean canWrite() {
        return requestBook.cancelDue() || answerBook.canRefuse() || answers.canWrite() || requests.canWrite();
    }

    /** As {@link MessageTable#write}. */
    void write(FrameWriter out, int upToPosition) {
        boolean more = requestBook.writeCancels(out, upToPosition);
        while (more) {
            more = out.position() < upToPosition && (answerBook.writeRefusal(out) || answers.writeNext(out));
            more |= out.position() < upToPosition && requests.writeNext(out);
        }
    }
}
