package io.weir.reactive.session;

import io.weir.core.crypto.RecordCipher;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.RecordFraming;
import java.nio.ByteBuffer;

/** Seals one record after another into one reused heap buffer: from heap to heap, which is where AES-GCM is fastest. */
final class RecordSealer {

    private final RecordCipher cipher;
    private final byte[] sealed =
            new byte[RecordFraming.HEADER_BYTES + FrameWriter.RECORD_MAX + RecordFraming.TAG_BYTES];
    private final ByteBuffer view = ByteBuffer.wrap(sealed);

    RecordSealer(RecordCipher cipher) {
        this.cipher = cipher;
    }

    /** Length field and ciphertext; valid until the next call. */
    ByteBuffer seal(FrameWriter record) {
        int length = cipher.sealNext(record.array(), 0, record.position(), sealed, RecordFraming.HEADER_BYTES);
        if (length < 0) {
            throw new SessionClosedException(CloseReason.local(ErrorCode.KEY_EXHAUSTED));
        }
        RecordFraming.writeHeader(sealed, 0, length);
        return view.clear().limit(RecordFraming.HEADER_BYTES + length);
    }

    void close() {
        cipher.close();
    }
}
