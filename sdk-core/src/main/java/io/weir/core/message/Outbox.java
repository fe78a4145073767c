package io.weir.core.message;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.NameCache;
import org.jspecify.annotations.Nullable;

/**
 * What this side asks and tells: whether a request or one-way message is taken, and where it goes then.
 *
 * <pre>
 *   shut --the peer's HELLO--&gt; open --GOAWAY of either side, end of session--&gt; refusing
 * </pre>
 *
 * <p>Bounded: requests without an end by their number, all that waits by the lane. Confined to the session's loop.
 */
final class Outbox {

    private final NameCache names;
    private final SendLane lane;
    private final RequestBook book;
    private final int maxOutstanding;
    private final Wake wake;

    private boolean open;

    /** Why nothing new is taken; null while it is. */
    private @Nullable ErrorCode refusal;

    /**
     * @param lane of requests and one-way messages
     * @param maxOutstanding requests without an end
     */
    Outbox(NameCache names, SendLane lane, RequestBook book, int maxOutstanding, Wake wake) {
        this.names = names;
        this.lane = lane;
        this.book = book;
        this.maxOutstanding = maxOutstanding;
        this.wake = wake;
    }

    /** The peer's HELLO has come. */
    void open() {
        open = true;
    }

    /** Nothing new from now on. */
    void goAway() {
        if (refusal == null) {
            refusal = ErrorCode.GOING_AWAY;
        }
    }

    /** Nothing new from now on, and for this reason, whatever the one was before. */
    void close(ErrorCode code) {
        refusal = code;
    }

    /** As {@link MessageTable#request}. */
    @Nullable
    ErrorCode request(OutgoingRequest request) {
        checkNew(request, request.used());
        byte[] name = names.encode(request.name());
        ErrorCode problem = refusal;
        if (problem == null && book.outstanding() >= maxOutstanding) {
            problem = ErrorCode.TOO_MANY_REQUESTS;
        }
        if (problem == null) {
            problem = lane.admit(request, name.length);
        }
        if (problem != null) {
            return problem;
        }
        request.enter(book, name);
        book.add(request);
        wake.wake();
        return null;
    }

    /** As {@link MessageTable#send}. */
    @Nullable
    ErrorCode send(OutgoingMessage message) {
        checkNew(message, message.used());
        byte[] name = names.encode(message.name());
        ErrorCode problem = refusal;
        if (problem == null) {
            problem = lane.admit(message, name.length);
        }
        if (problem != null) {
            return problem;
        }
        message.enter(name);
        lane.add(message);
        wake.wake();
        return null;
    }

    private void checkNew(Outgoing message, boolean used) {
        if (used) {
            throw new IllegalStateException(message + " was queued before");
        }
        if (!open) {
            throw new IllegalStateException("the peer's HELLO has not come");
        }
    }
}
