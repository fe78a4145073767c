package io.weir.reactive.session.carrier;

import io.weir.core.crypto.RecordCipher;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.RecordFraming;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the inbound bytes into records and opens each: into an array of its own where what comes out of it may be kept, so that
 * elements can be slices of it and nothing that a user keeps is ever overwritten; otherwise into one that is borrowed from the
 * thread and used again, whose memory is in the processor's cache.
 */
final class RecordOpener {

    /** Takes the plaintext of records. */
    interface Sink {
        /** Whether the next record needs an array of its own, which is as long as the record. */
        boolean keepsRecords();

        /**
         * Takes one record; what it returns other than null ends the session.
         *
         * @param length of the plaintext, which begins the array
         * @param own whether parts of the array may be kept; if not, it is used again after the call
         */
        @Nullable
        ErrorCode onRecord(byte[] array, int length, boolean own);
    }

    private final RecordFraming framing = RecordFraming.records();
    private final RecordCipher cipher;
    private final RecordBuffers buffers;
    private boolean closed;

    RecordOpener(RecordCipher cipher, RecordBuffers buffers) {
        this.cipher = cipher;
        this.buffers = buffers;
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
        int length = framing.length() - RecordFraming.TAG_BYTES;
        if (sink.keepsRecords()) {
            return openInto(new byte[length], true, sink);
        }
        byte[] borrowed = buffers.borrowPlaintext(length);
        try {
            return openInto(borrowed, false, sink);
        } finally {
            buffers.giveBack(borrowed);
        }
    }

    private @Nullable ErrorCode openInto(byte[] plaintext, boolean own, Sink sink) {
        int length = cipher.openNext(framing.array(), framing.offset(), framing.length(), plaintext, 0);
        if (length < 0) {
            return length == RecordCipher.KEY_EXHAUSTED ? ErrorCode.KEY_EXHAUSTED : ErrorCode.DECRYPTION_FAILED;
        }
        return sink.onRecord(plaintext, length, own);
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
