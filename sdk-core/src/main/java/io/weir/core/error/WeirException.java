package io.weir.core.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber receives when something of Weir ends other than well. Every kind carries a {@link CloseReason}, and
 * its message tells it in full: what, of which stream, request, session or address, who, layer, code by number and name,
 * retryable, and what exactly was found. The text is for local eyes only;
 * it never crosses the wire.
 */
public abstract sealed class WeirException extends RuntimeException
        permits ApplicationException,
                StreamReset,
                StreamStopped,
                SessionClosedException,
                SilenceException,
                ReplyMissingException,
                RequestRefusedException,
                MessageNotSentException,
                ConnectException,
                GaveUpException,
                GoingAwayException,
                ListenException,
                CodecException,
                PayloadTooLargeException {

    private static final long serialVersionUID = 1L;

    private final String what;
    private final CloseReason reason;
    private String subject = "";

    WeirException(String what, CloseReason reason, @Nullable Throwable cause) {
        this(what, reason, cause, true);
    }

    /** @param traced whether it says where it was made: looking that up costs more than most of what ends so */
    WeirException(String what, CloseReason reason, @Nullable Throwable cause, boolean traced) {
        super(what, cause, true, traced);
        this.what = what;
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /**
     * Says what this is about, in the message: the stream or the route, with session and peer, or the address. To be called by
     * whoever hands it on and knows that, before another thread may see it. Without effect if it was said before.
     *
     * @return this
     */
    public WeirException about(String what) {
        if (subject.isEmpty()) {
            subject = what;
        }
        return this;
    }

    /** For example {@code no reply (request 'quotes' on session 3 with AbC...): remote APPLICATION 0x2D NO_HANDLER, ...}. */
    @Override
    public String getMessage() {
        return what + (subject.isEmpty() ? ": " : " (" + subject + "): ") + reason;
    }

    /** Who ended it, in which layer, with which code, and whether trying again can help. */
    public CloseReason reason() {
        return reason;
    }
}
