package io.weir.reactive.transport.quic;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * A block of a stream as it comes, packet by packet, in an array that grows with what is here, whatever length was announced: by four
 * times, so that little is copied twice. Loop-confined.
 */
final class PartialBlock {

    /** Arrays that nobody needs any more, for the blocks of all streams of a connection: at most one, of {@value #MOST_BYTES} bytes. */
    static final class Spare {
        private final BooleanSupplier keeps;
        private byte[] array = NOTHING;

        /** @param keeps whether parts of the next blocks are likely to be kept, so that each wants an array of its own */
        Spare(BooleanSupplier keeps) {
            this.keeps = keeps;
        }

        private byte[] take(int bytes) {
            if (keeps.getAsBoolean()) {
                return new byte[bytes];
            }
            byte[] kept = array;
            array = NOTHING;
            return kept.length >= bytes ? kept : new byte[bytes];
        }

        /** An array that nobody keeps. */
        void giveBack(byte[] unused) {
            if (unused.length > array.length) {
                array = unused;
            }
        }

        /** Gives the memory up. */
        void trim() {
            array = NOTHING;
        }
    }

    private static final byte[] NOTHING = new byte[0];

    /** As the length has 16 bits. */
    private static final int MOST_BYTES = 65_535;

    private static final int LEAST_BYTES = 8 * 1024;
    private static final int GROWTH = 4;

    private final Spare spare;
    private byte[] array = NOTHING;
    private int length;
    private int filled;

    PartialBlock(Spare spare) {
        this.spare = spare;
    }

    /** Whether all of it is here, or none was announced. */
    boolean isComplete() {
        return filled == length;
    }

    /** One of so many bytes, 1 or more, comes next. */
    void begin(int bytes) {
        length = bytes;
        filled = 0;
    }

    /** Takes what is there of it; true if that is all. */
    boolean take(ByteBuf in) {
        int more = Math.min(length - filled, in.readableBytes());
        if (filled + more > array.length) {
            grow(filled + more);
        }
        in.readBytes(array, filled, more);
        filled += more;
        return isComplete();
    }

    private void grow(int needed) {
        int bytes = Math.min(length, Math.max(needed, Math.max(LEAST_BYTES, GROWTH * array.length)));
        array = filled == 0 ? spare.take(bytes) : Arrays.copyOf(array, bytes);
    }

    /** What has come, from index 0 on; it is the caller's from now on. */
    byte[] release() {
        byte[] whole = array;
        array = NOTHING;
        return whole;
    }

    int length() {
        return length;
    }
}
