package io.weir.core.message;

import io.weir.core.wire.Headers;

/**
 * The peer's one-way messages that are handled here. The credit of each returns when its handler has taken it.
 * Confined to the session's loop.
 */
final class OneWayBook {

    private final MessageHost host;
    private final MessageWindow window;
    private final Wake wake;

    /** @param window that the messages came under */
    OneWayBook(MessageHost host, MessageWindow window, Wake wake) {
        this.host = host;
        this.window = window;
        this.wake = wake;
    }

    /** Gives a one-way message to the host. */
    void handOn(long id, long cost, String name, Headers headers, byte[] array, int offset, int length) {
        IncomingMessage message = new IncomingMessage(this, id, cost, name, headers, array, offset, length);
        host.onOneWay(message);
        message.delivered();
    }

    /** Its handler is done with it. */
    void onTaken(long cost) {
        window.onConsumed(cost);
        wake.wake();
    }
}
