package io.weir.core.message;

import java.util.function.BooleanSupplier;

/**
 * Tells the host that there is something to write where there was nothing: once, until it has written. Whatever may have
 * made something due says {@link #wake}. Confined to the session's loop.
 *
 * <pre>
 *   quiet --wake(), something is due--&gt; told --written, nothing more is due--&gt; quiet
 * </pre>
 */
final class Wake {

    private final MessageHost host;
    private final BooleanSupplier due;
    private boolean told;
    private boolean writing;

    /** @param due whether there is something to write */
    Wake(MessageHost host, BooleanSupplier due) {
        this.host = host;
        this.due = due;
    }

    /** Something may have become due. */
    void wake() {
        if (!told && !writing && due.getAsBoolean()) {
            told = true;
            host.onMessagesPending();
        }
    }

    /**
     * Writing begins: what becomes due meanwhile is seen at its end.
     *
     * @throws IllegalStateException from inside a callback of writing
     */
    void onWriting() {
        if (writing) {
            throw new IllegalStateException("write was entered from inside a callback");
        }
        writing = true;
    }

    /** Writing has ended: the host knows of what is left. */
    void onWritten() {
        writing = false;
        onSeen();
    }

    /** The host has looked at what is due, and knows of what is left. */
    void onSeen() {
        told = due.getAsBoolean();
    }
}
