package io.weir.samples.cli.exec;

import java.io.Serial;

/** A command has no answer: it cannot be started, or ended badly. The text is for this end's people only. */
final class CommandFailure extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    CommandFailure(String message) {
        super(message);
    }
}
