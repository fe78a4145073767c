package io.weir.samples.cli;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ListenException;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.error.WeirException;
import io.weir.core.identity.IdentityException;
import io.weir.samples.cli.file.TransferException;

/** A command failed: one line for people, and the exit code. */
final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    CommandException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }

    /** What this failure means to the user. */
    static CommandException of(Throwable failure) {
        if (failure instanceof CommandException explained) {
            return explained;
        }
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof IdentityException) {
            return new CommandException(ExitCode.KEY_FILE, message, failure);
        }
        if (failure instanceof TransferException) {
            return new CommandException(ExitCode.FAILED, message, failure);
        }
        if (failure instanceof WeirException weir) {
            return new CommandException(exitCode(weir.reason()), text(weir), failure);
        }
        return new CommandException(ExitCode.FAILED, failure.getClass().getSimpleName() + ": " + message, failure);
    }

    private static int exitCode(CloseReason reason) {
        return switch (reason.error()) {
            case IDENTITY_MISMATCH, IDENTITY_INVALID, NOT_ADMITTED, HANDSHAKE_FAILED, NETWORK_KEY_MISMATCH ->
                ExitCode.NOT_TRUSTED;
            default -> ExitCode.FAILED;
        };
    }

    private static String text(WeirException failure) {
        CloseReason reason = failure.reason();
        String what = switch (reason.error()) {
            case NOT_ADMITTED -> "the peer does not admit this identity; there, --allow names who may connect";
            case IDENTITY_MISMATCH -> "the peer there is not the one named behind the '#' of the address";
            case CONNECT_FAILED -> "nothing accepts a connection there";
            case HANDSHAKE_TIMEOUT -> "nothing answers there, over this protocol at least";
            case UNRESOLVED -> "the host's name is not known";
            case BIND_FAILED -> "that address is taken, or not one of this machine";
            case NOT_WEIR -> "what answers there is not Weir";
            case REFUSED, UNCLAIMED, STREAM_CLOSED ->
                "the peer does not take this: is another weir command running there?";
            case NO_HANDLER -> "the peer answers no requests of this route";
            default -> reason.error().description();
        };
        return where(failure) + what + " (" + reason.error() + ")";
    }

    private static String where(WeirException failure) {
        if (failure instanceof ConnectException
                || failure instanceof ListenException
                || failure instanceof PayloadTooLargeException) {
            return "";
        }
        return failure instanceof ReplyMissingException ? "no reply: " : "broken off: ";
    }
}
