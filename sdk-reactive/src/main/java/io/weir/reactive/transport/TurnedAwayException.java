package io.weir.reactive.transport;

import io.weir.core.error.CloseReason;
import java.io.IOException;
import java.io.Serial;

/**
 * The peer, or whoever is in its place, has said by the means of the transport itself why it ends the connection. Of use where
 * that comes when this end already takes the connection for made.
 */
public final class TurnedAwayException extends IOException {

    @Serial
    private static final long serialVersionUID = 1;

    private final CloseReason reason;

    public TurnedAwayException(CloseReason reason) {
        super(reason.toString());
        this.reason = reason;
    }

    /** What was said. */
    public CloseReason reason() {
        return reason;
    }
}
