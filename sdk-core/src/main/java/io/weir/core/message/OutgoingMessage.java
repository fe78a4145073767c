package io.weir.core.message;

import io.weir.core.error.CloseReason;
import io.weir.core.wire.Headers;
import io.weir.core.wire.MessageType;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A one-way message of this side, for one use: {@link MessageTable#send}. Its payload is not copied and must not change
 * until the listener was told.
 */
public final class OutgoingMessage extends Outgoing {

    private final String name;
    private final Headers headers;
    private byte[] nameBytes = NO_BYTES;
    private @Nullable SendListener listener;
    private boolean used;

    /**
     * @param name at most 255 bytes of UTF-8
     * @param payload from position to limit
     */
    public OutgoingMessage(String name, Headers headers, ByteBuffer payload, SendListener listener) {
        this.name = Objects.requireNonNull(name, "name");
        this.headers = Objects.requireNonNull(headers, "headers");
        this.listener = Objects.requireNonNull(listener, "listener");
        body(payload);
    }

    /** Its name. */
    public String name() {
        return name;
    }

    boolean used() {
        return used;
    }

    void enter(byte[] encodedName) {
        used = true;
        nameBytes = encodedName;
    }

    void fail(CloseReason reason) {
        SendListener told = end();
        if (told != null) {
            told.onFailed(reason);
        }
    }

    @Override
    Headers wireHeaders() {
        return headers;
    }

    @Override
    byte[] wireName() {
        return nameBytes;
    }

    @Override
    MessageType type() {
        return MessageType.ONE_WAY;
    }

    @Override
    void onBegun() {
        // nobody answers it
    }

    @Override
    void onWritten() {
        SendListener told = end();
        if (told != null) {
            told.onWritten();
        }
    }

    private @Nullable SendListener end() {
        SendListener told = listener;
        listener = null;
        return told;
    }

    @Override
    public String toString() {
        return "one-way " + id() + " " + name;
    }
}
