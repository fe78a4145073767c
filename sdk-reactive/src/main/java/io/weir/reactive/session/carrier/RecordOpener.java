package io.weir.reactive.session.carrier;

import io.weir.core.crypto.RecordCipher;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.RecordFraming;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the inbound bytes into records and opens each into a fresh array, of which the elements are slices: nothing that a
 * user gets is ever overwritten.
 */
final class RecordOpener {

    /** Takes the plaintext of one record; what it returns other than null ends the session. */
    @FunctionalInterface
    interface Sink {
        @Nullable
        ErrorCode onRecord(byte[] plaintext);
    }

    private final RecordFraming framing = RecordFraming.records();
    private final RecordCipher cipher;
    private boolean closed;

    RecordOpener(RecordCipher cipher) {
        this.cipher = cipher;
    }

    /**
     * Opens every record that the chunk completes; stops at the first error and returns it. What follows a record in
     * which {@link #close} was called is left alone.
     */
    @Nullable
    ErrorCode open(ByteBuffer chunk, Sink sink) {
        while (!closed) {
            switch (framing.cut(chunk)) {
                case MORE -> {
                    return null;
                }
                case MALFORMED -> {
                    return ErrorCode.MALFORMED_FRAME;
                }
                case UNIT -> {
                    ErrorCode error = openOne(sink);
                    if (error != null) {
                        return error;
                    }
                }
            }
        }
        return null;
    }

    private @Nullable ErrorCode openOne(Sink sink) {
        byte[] plaintext = new byte[framing.length() - RecordFraming.TAG_BYTES];
        int length = cipher.openNext(framing.array(), framing.offset(), framing.length(), plaintext, 0);
        if (length < 0) {
            return length == RecordCipher.KEY_EXHAUSTED ? ErrorCode.KEY_EXHAUSTED : ErrorCode.DECRYPTION_FAILED;
        }
        return sink.onRecord(plaintext);
    }

    /** Gives up memory that nothing under way needs. */
    void trim() {
        framing.trim();
    }

    void close() {
        closed = true;
        cipher.close();
    }
}
