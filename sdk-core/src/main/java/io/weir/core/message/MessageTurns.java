package io.weir.core.message;

import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.VarInt;

/**
 * Whose packet is written next: the CANCELs first, then an answer and a request in turn, so that neither direction keeps the
 * other waiting. Confined to the session's loop.
 */
final class MessageTurns {

    /** There is no packet to write, or no room for it. */
    static final long NONE = -1;

    private final RequestBook requestBook;
    private final AnswerBook answerBook;
    private final SendLane answers;
    private final SendLane requests;
    private boolean requestNext;

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

    /** As {@link MessageTable#writeOne}. */
    long writeOne(FrameWriter out) {
        int before = out.position();
        if (requestBook.writeCancels(out, before + 1) && out.position() == before) {
            boolean requestFirst = requestNext;
            requestNext = !requestFirst;
            boolean wrote = requestFirst
                    ? requests.writeNext(out) || writeAnswer(out)
                    : writeAnswer(out) || requests.writeNext(out);
            return wrote ? laneOf(out.array(), before) : NONE;
        }
        return out.position() > before ? laneOf(out.array(), before) : NONE;
    }

    private boolean writeAnswer(FrameWriter out) {
        return answerBook.writeRefusal(out) || answers.writeNext(out);
    }

    /** The lane of the packet that was written there: the message's id, and whether it is an answer. */
    private static long laneOf(byte[] array, int from) {
        MessageType type = MessageType.written(array[from + 1]);
        int at = from + 2;
        at += VarInt.lengthFrom(array[at]); // number of packets
        at += VarInt.lengthFrom(array[at]); // which of them
        long id = VarInt.read(array, at, array.length);
        boolean answer = switch (type) {
            case ONE_WAY, REQUEST, CANCEL -> false;
            case REPLY, ERROR, CANCELLED -> true;
        };
        return id << 1 | (answer ? 1 : 0);
    }
}
