package io.weir.reactive.session.carrier;

import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.RecordFraming;
import java.nio.ByteBuffer;

/** The memory in which one record is filled and sealed, 128 KiB; lent by {@link RecordBuffers}. */
final class RecordBuffer {

    private final FrameWriter record = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
    private final ByteBuffer sealed =
            ByteBuffer.allocate(RecordFraming.HEADER_BYTES + FrameWriter.RECORD_MAX + RecordFraming.TAG_BYTES);

    /** The plaintext. */
    FrameWriter record() {
        return record;
    }

    /** As large as the longest record with its length field and tag. */
    ByteBuffer sealed() {
        return sealed;
    }
}
