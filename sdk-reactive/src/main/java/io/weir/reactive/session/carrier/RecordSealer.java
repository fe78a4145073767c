package io.weir.reactive.session.carrier;

import io.weir.core.crypto.RecordCipher;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.RecordFraming;
import java.nio.ByteBuffer;

/** Seals one record after another, from heap to heap, which is where AES-GCM is fastest. */
final class RecordSealer {

    private final RecordCipher cipher;

    RecordSealer(RecordCipher cipher) {
        this.cipher = cipher;
    }

    /** Length field and ciphertext; they lie in the buffer, too. */
    ByteBuffer seal(RecordBuffer buffer) {
        FrameWriter record = buffer.record();
        byte[] sealed = buffer.sealed().array();
        int length = cipher.sealNext(record.array(), 0, record.position(), sealed, RecordFraming.HEADER_BYTES);
        if (length < 0) {
            throw new SessionClosedException(CloseReason.local(ErrorCode.KEY_EXHAUSTED));
        }
        RecordFraming.writeHeader(sealed, 0, length);
        return buffer.sealed().clear().limit(RecordFraming.HEADER_BYTES + length);
    }
}
