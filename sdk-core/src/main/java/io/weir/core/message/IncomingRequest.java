package io.weir.core.message;

import io.weir.core.error.ApplicationException;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Headers;
import io.weir.core.wire.MessageType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A request of the peer, to be answered once: the first {@link #reply} or {@link #fail} counts, later ones do nothing, nor
 * do those after the peer has cancelled or the session has ended. Confined to the session's loop.
 *
 * <pre>
 *   open --reply(), fail(), CANCEL--&gt; answered --written--&gt; over
 *     |                                                      ^
 *     +----------------- end of session ---------------------+
 * </pre>
 */
public final class IncomingRequest extends Outgoing {

    /** As the deadline: the peer has not told for how long it waits. */
    public static final long NO_DEADLINE = Long.MIN_VALUE;

    private final AnswerBook book;
    private final String name;
    private final Headers headers;
    private final long requestCost;
    private final long deadlineNanos;
    private final byte[] array;
    private final int offset;
    private final int length;
    private @Nullable Listener listener;
    private @Nullable MessageType answer;

    /** Hears what becomes of it, besides the answer. May give any command. */
    public interface Listener {

        /** The peer has cancelled or the session ended before there was an answer; once, before {@link #onOver}. */
        void onCancelled();

        /**
         * Nothing stands for it any more: its answer was written, the peer has cancelled it and was told so, or the session has
         * ended. Once.
         */
        void onOver();
    }

    IncomingRequest(
            AnswerBook book,
            long id,
            long cost,
            long deadlineNanos,
            String name,
            Headers headers,
            byte[] array,
            int offset,
            int length) {
        this.book = book;
        this.requestCost = cost;
        this.deadlineNanos = deadlineNanos;
        this.name = name;
        this.headers = headers;
        this.array = KeptPayload.in(array, offset, length);
        this.offset = this.array == array ? offset : 0;
        this.length = length;
        id(id);
    }

    /** The route. */
    public String name() {
        return name;
    }

    /** What the peer says about it. */
    public Headers headers() {
        return headers;
    }

    /**
     * Until when the peer waits for the answer, by {@link MessageHost#nowNanos}: so much as it said from when the first packet
     * came. {@link #NO_DEADLINE} if it did not say.
     */
    public long deadlineNanos() {
        return deadlineNanos;
    }

    /** Holds the payload, for as long as this is kept, and is never written again ({@link KeptPayload}). */
    public byte[] array() {
        return array;
    }

    /** Where the payload begins in the array. */
    public int offset() {
        return offset;
    }

    /** Bytes of payload, 0 or more. */
    public int length() {
        return length;
    }

    /**
     * Answers with the bytes from position to limit, which are not copied and must not change until they are written.
     *
     * @return null if that is the answer, or there was one before; else the error that was answered instead: the reply is
     *     larger than the peer takes (PAYLOAD_TOO_LARGE), or too many bytes of replies wait (TOO_MANY_REQUESTS)
     */
    public @Nullable ErrorCode reply(ByteBuffer payload) {
        if (answered()) {
            return null;
        }
        body(payload);
        return book.reply(this);
    }

    /** As {@link #reply(ByteBuffer)}, with a range of an array. */
    public @Nullable ErrorCode reply(byte[] bytes, int from, int count) {
        if (answered()) {
            return null;
        }
        body(bytes, from, count);
        return book.reply(this);
    }

    /** As {@link #reply(ByteBuffer)}, with a whole array. */
    public @Nullable ErrorCode reply(byte[] bytes) {
        return reply(bytes, 0, bytes.length);
    }

    /** Answers with an error. */
    public void fail(ErrorCode code) {
        if (!answered()) {
            book.fail(this, code);
        }
    }

    /**
     * Answers with an error of the application, which is paid for as a reply is. If its text and payload are more than the peer
     * takes, or too much waits, the number goes without them; to a peer that knows no such errors APPLICATION_ERROR does.
     */
    public void fail(ApplicationException error) {
        if (!answered()) {
            book.fail(this, error);
        }
    }

    /** Who is told; to be said from {@link MessageHost#onRequest}, before there is an answer. */
    public void listener(Listener told) {
        listener = told;
    }

    /** Whether there is an answer, or none is wanted any more. */
    public boolean answered() {
        return answer != null;
    }

    /** Nothing stands for it any more: its answer was written, or nobody waits for one. */
    void over() {
        Listener told = listener;
        listener = null;
        if (told != null) {
            told.onOver();
        }
    }

    /** What the request costs until its answer was written. */
    long requestCost() {
        return requestCost;
    }

    void answer(MessageType type) {
        answer = type;
    }

    /** The peer, or the end of the session, wants no answer of the handler. */
    void cancelled() {
        answer = MessageType.CANCELLED;
        Listener told = listener;
        if (told != null) {
            told.onCancelled();
        }
    }

    @Override
    MessageType type() {
        MessageType known = answer;
        return known == null ? MessageType.REPLY : known;
    }

    /** The answer's. */
    @Override
    byte[] wireName() {
        return NO_BYTES;
    }

    /** The answer's. */
    @Override
    Headers wireHeaders() {
        return Headers.empty();
    }

    @Override
    void onBegun() {
        // the id is the request's
    }

    @Override
    void onWritten() {
        book.onWritten(this);
    }

    @Override
    public String toString() {
        return "request " + id() + " " + name;
    }
}
