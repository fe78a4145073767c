package io.weir.core.message;

import io.weir.core.error.CloseReason;
import io.weir.core.wire.Headers;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageType;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request of this side, for one use: {@link MessageTable#request}. Its payload is not copied and must not change until
 * it was written or has ended.
 *
 * <pre>
 *   new --request()--&gt; queued --first packet written--&gt; asked --answer--&gt; over
 *                        |                                |                ^
 *                        +---- cancel(), end of session --+----------------+
 * </pre>
 */
public final class OutgoingRequest extends Outgoing {

    private final String name;
    private final Headers headers;
    private byte[] nameBytes = NO_BYTES;
    private @Nullable RequestListener listener; // null: it is over
    private @Nullable RequestBook book;

    /** The reply as far as it has come, if it comes in parts. */
    @Nullable
    Assembly reply;

    /** Next in the queue of those whose CANCEL is due. */
    @Nullable
    OutgoingRequest nextCancel;

    boolean cancelled;

    /** CANCEL is in that queue. */
    boolean cancelQueued;

    /** The peer is known to have CANCEL. */
    boolean cancelAcked;

    /** Was begun and is not written to its end: the peer has to hear CANCEL, whatever becomes of the answer. */
    boolean abandoned;

    /**
     * @param name of the route, at most 255 bytes of UTF-8
     * @param payload from position to limit
     */
    public OutgoingRequest(String name, Headers headers, ByteBuffer payload, RequestListener listener) {
        this.name = Objects.requireNonNull(name, "name");
        this.headers = Objects.requireNonNull(headers, "headers");
        this.listener = Objects.requireNonNull(listener, "listener");
        body(payload);
    }

    /**
     * @param name of the route, at most 255 bytes of UTF-8
     * @throws IndexOutOfBoundsException if the range is not within the array
     */
    public OutgoingRequest(
            String name, Headers headers, byte[] array, int offset, int length, RequestListener listener) {
        this.name = Objects.requireNonNull(name, "name");
        this.headers = Objects.requireNonNull(headers, "headers");
        this.listener = Objects.requireNonNull(listener, "listener");
        body(array, offset, length);
    }

    /** The route. */
    public String name() {
        return name;
    }

    /** Whether the listener was told its end, or the request cancelled; false before it was handed over, too. */
    public boolean over() {
        return listener == null;
    }

    /** Whether it was handed over. */
    boolean used() {
        return book != null;
    }

    void enter(RequestBook to, byte[] encodedName) {
        book = to;
        nameBytes = encodedName;
    }

    /** The listener, who is told nothing more; null if that has happened before. */
    @Nullable
    RequestListener end() {
        RequestListener told = listener;
        listener = null;
        reply = null;
        return told;
    }

    void fail(CloseReason reason) {
        RequestListener told = end();
        if (told != null) {
            told.onMissing(reason);
        }
    }

    /** Nobody waits for the reply any more. */
    void giveUp() {
        cancelled = true;
        listener = null;
        if (reply != null) {
            reply.discard();
        }
    }

    @Override
    Headers wireHeaders() {
        return headers;
    }

    @Override
    byte[] wireName() {
        return nameBytes;
    }

    @Override
    long millisLeft() {
        RequestBook owner = book;
        Delivery notes = delivery();
        return owner == null
                ? MessageFrame.NO_LIMIT
                : owner.millisLeft(notes == null ? answerDeadlineNanos() : notes.deadlineNanos());
    }

    @Override
    long answerDeadlineNanos() {
        RequestListener waiting = listener;
        return waiting == null ? IncomingRequest.NO_DEADLINE : waiting.deadlineNanos();
    }

    @Override
    MessageType type() {
        return MessageType.REQUEST;
    }

    @Override
    void onBegun() {
        RequestBook owner = book;
        if (owner != null) {
            owner.onAsked(this);
        }
        RequestListener told = listener;
        if (told != null) {
            told.onBegun();
        }
    }

    @Override
    void onWritten() {
        // the answer is what its listener waits for
    }

    @Override
    public String toString() {
        return "request " + id() + " " + name;
    }
}
