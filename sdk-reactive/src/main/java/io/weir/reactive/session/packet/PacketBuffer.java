package io.weir.reactive.session.packet;

import io.weir.core.datagram.PacketSealer;
import io.weir.core.wire.FrameWriter;

/** The memory in which packets are filled one by one, and lie sealed one behind the other; lent by {@link PacketBuffers}. */
final class PacketBuffer {

    static final int LEAST = 2_048;

    private final FrameWriter frames;
    private final byte[] sealed;

    PacketBuffer(int datagramBytes, int batchBytes) {
        int most = Math.max(LEAST, datagramBytes) - PacketSealer.OVERHEAD;
        frames = new FrameWriter(most, most);
        sealed = new byte[Math.max(Math.max(LEAST, datagramBytes), batchBytes)];
    }

    boolean takes(int datagramBytes, int batchBytes) {
        return frames.array().length >= datagramBytes - PacketSealer.OVERHEAD
                && sealed.length >= Math.max(datagramBytes, batchBytes);
    }

    /** The plaintext of one. */
    FrameWriter frames() {
        return frames;
    }

    /** Datagrams. */
    byte[] sealed() {
        return sealed;
    }
}
