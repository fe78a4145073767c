package io.weir.core.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The place in a record or packet where the body of an element or a message is to be put, between its header and its end. */
final class PendingPayload {

    private static final int NONE = -1;

    private final ByteBuffer view;
    /** {@link #NONE} if none is under way. */
    private int end = NONE;

    PendingPayload(byte[] array) {
        view = ByteBuffer.wrap(array);
    }

    void begin(int start, int length) {
        end = start + length;
        view.limit(end).position(start);
        view.order(ByteOrder.BIG_ENDIAN);
    }

    /** Where it goes, from its position to its limit. */
    ByteBuffer view() {
        checkBegun();
        return view;
    }

    /** It is there: returns the index behind it. If it is not, it stays under way. */
    int take() {
        checkBegun();
        if (view.position() != end || view.limit() != end) {
            throw new IllegalStateException("payload was filled to " + view.position() + " of " + view.limit()
                    + ", must be filled exactly to " + end);
        }
        int behind = end;
        end = NONE;
        return behind;
    }

    /** None is under way any more. */
    void forget() {
        end = NONE;
    }

    void checkIdle() {
        if (end != NONE) {
            throw new IllegalStateException("an element is under way");
        }
    }

    private void checkBegun() {
        if (end == NONE) {
            throw new IllegalStateException("no element is under way");
        }
    }
}
