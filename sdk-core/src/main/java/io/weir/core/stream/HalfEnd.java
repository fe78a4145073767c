package io.weir.core.stream;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.ErrorDetail;
import io.weir.core.wire.StreamFrame;

/**
 * How the peer has ended its half behind its last element, as its CLOSE says.
 *
 * @param finalOffset the offset behind the last element, and behind the detail, which comes with CLOSE
 * @param elements how many there are
 * @param code 0 for completion, or that of an error
 * @param detail of an application's error
 */
record HalfEnd(long finalOffset, long elements, long code, ErrorDetail detail) {

    /** No CLOSE has come. */
    static final HalfEnd NOT_TOLD = new HalfEnd(Long.MAX_VALUE, 0, ErrorCode.NONE.number(), ErrorDetail.NONE);

    static HalfEnd of(StreamFrame.Close f) {
        return new HalfEnd(f.finalOffset(), f.elements(), f.code(), f.detail());
    }

    /** Whether so much that comes where so much has come lies behind it. */
    boolean isBefore(long received, long cost) {
        return cost > finalOffset - received;
    }
}
