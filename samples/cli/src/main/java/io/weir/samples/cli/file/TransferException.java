package io.weir.samples.cli.file;

import org.jspecify.annotations.Nullable;

/**
 * A file that cannot be taken, sent or trusted. The message is one line for people at either end: it names the file by
 * its name alone, never the directories of the machine.
 */
public final class TransferException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TransferException(String message) {
        super(message);
    }

    public TransferException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
