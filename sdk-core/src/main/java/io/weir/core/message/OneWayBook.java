package io.weir.core.message;

import io.weir.core.wire.Headers;
import io.weir.core.wire.MessageType;

/**
 * The peer's one-way messages that are handled here. The credit of each returns when its handler has taken it, and with it
 * the place. Confined to the session's loop.
 */
final class OneWayBook {

    private final MessageHost host;
    private final Places places;
    private final MessageWindow window;
    private final Wake wake;

    /** @param window that the messages came under */
    OneWayBook(MessageHost host, Places places, MessageWindow window, Wake wake) {
        this.host = host;
        this.places = places;
        this.window = window;
        this.wake = wake;
    }

    /** Gives a one-way message to the host. */
    void handOn(
            boolean placed, long id, long cost, String name, Headers headers, byte[] array, int offset, int length) {
        IncomingMessage message = new IncomingMessage(this, placed, id, cost, name, headers, array, offset, length);
        host.onOneWay(message);
        message.delivered();
    }

    /** Its handler is done with it. */
    void onTaken(long cost, boolean placed) {
        window.onConsumed(cost);
        wake.wake();
        if (placed) {
            places.leave(MessageType.ONE_WAY);
        }
    }
}
