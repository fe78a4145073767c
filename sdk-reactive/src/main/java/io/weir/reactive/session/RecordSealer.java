package io.weir.reactive.session;

import io.weir.core.crypto.RecordCipher;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.RecordFraming;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Seals one record after another into one reused heap buffer: from heap to heap, which is where AES-GCM is fastest. */
final class RecordSealer {

    private final RecordCipher cipher;
    /** As large as the longest record; there from the first record to {@link #close}. */
    private @Nullable ByteBuffer buffer;

    RecordSealer(RecordCipher cipher) {
        this.cipher = cipher;
    }

    /** Length field and ciphertext; valid until the next call. */
    ByteBuffer seal(FrameWriter record) {
        ByteBuffer view = buffer;
        if (view == null) {
            view = ByteBuffer.allocate(RecordFraming.HEADER_BYTES + FrameWriter.RECORD_MAX + RecordFraming.TAG_BYTES);
            buffer = view;
        }
        byte[] sealed = view.array();
        int length = cipher.sealNext(record.array(), 0, record.position(), sealed, RecordFraming.HEADER_BYTES);
        if (length < 0) {
            throw new SessionClosedException(CloseReason.local(ErrorCode.KEY_EXHAUSTED));
        }
        RecordFraming.writeHeader(sealed, 0, length);
        return view.clear().limit(RecordFraming.HEADER_BYTES + length);
    }

    void close() {
        cipher.close();
        buffer = null;
    }
}
