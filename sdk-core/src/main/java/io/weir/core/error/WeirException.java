package io.weir.core.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber receives when something of Weir ends other than well. Every kind carries a {@link CloseReason}, and
 * its message tells it in full: what, who, layer, code by number and name, retryable. The text is for local eyes only;
 * it never crosses the wire.
 */
public abstract sealed class WeirException extends RuntimeException
        permits StreamReset,
                StreamStopped,
                SessionClosedException,
                SilenceException,
                ReplyMissingException,
                RequestRefusedException,
                MessageNotSentException,
                ConnectException,
                GaveUpException,
                ListenException,
                CodecException,
                PayloadTooLargeException {

    private static final long serialVersionUID = 1L;

    private final CloseReason reason;

    WeirException(String what, CloseReason reason, @Nullable Throwable cause) {
        super(what + ": " + Objects.requireNonNull(reason, "reason"), cause);
        this.reason = reason;
    }

    /** Who ended it, in which layer, with which code, and whether trying again can help. */
    public CloseReason reason() {
        return reason;
    }
}
