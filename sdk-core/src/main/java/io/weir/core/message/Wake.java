package io.weir.core.message;

import java.util.function.BooleanSupplier;

/**
 * Tells the host that there is something to write where there was nothing: once, until it has written. Whatever may have
 * made something due says {@link #wake}. A host that asks for lanes apart knows after each of them only what is left there,
 * so it is told when the other one comes to have something. Confined to the session's loop.
 *
 * <pre>
 *   quiet --wake(), something is due--&gt; told --written, nothing more is due--&gt; quiet
 * </pre>
 */
final class Wake {

    private final MessageHost host;
    private final boolean merged;
    private final BooleanSupplier controlDue;
    private final BooleanSupplier messagesDue;
    private boolean toldOfControl;
    private boolean toldOfMessages;
    private boolean writing;

    /**
     * @param merged whether control and messages are asked for together
     * @param controlDue whether there is something to write of control
     * @param messagesDue whether there is of messages
     */
    Wake(MessageHost host, boolean merged, BooleanSupplier controlDue, BooleanSupplier messagesDue) {
        this.host = host;
        this.merged = merged;
        this.controlDue = controlDue;
        this.messagesDue = messagesDue;
    }

    /** Something may have become due. */
    void wake() {
        if (writing || toldOfControl && toldOfMessages) {
            return;
        }
        if (!toldOfControl && controlDue.getAsBoolean() || !toldOfMessages && messagesDue.getAsBoolean()) {
            toldOfControl = true;
            toldOfMessages = true;
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

    /** Writing of messages has ended: the host knows of what is left of them. */
    void onWritten() {
        writing = false;
        toldOfMessages = messagesDue.getAsBoolean();
        onSeen();
    }

    /** Writing of control has ended: the host knows of what is left of it. */
    void onControlWritten() {
        toldOfControl = controlDue.getAsBoolean();
        onSeen();
    }

    private void onSeen() {
        if (merged) {
            toldOfControl = controlDue.getAsBoolean() || messagesDue.getAsBoolean();
            toldOfMessages = toldOfControl;
        } else {
            wake();
        }
    }
}
