package io.weir.benchmarks.run;

import java.io.Serial;

/** A side did not do what it was told to; the message says which side, what happened and where its log is. */
public final class PeerFailure extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    PeerFailure(String message) {
        super(message);
    }
}
