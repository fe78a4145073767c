package io.weir.core.wire;

/** Bytes that the headers of DATA and MESSAGE take. */
public final class FrameOverhead {

    private FrameOverhead() {}

    /** Of what {@link FrameWriter#beginData} writes: at least 3. */
    public static int data(long handle, int length) {
        return 1 + VarInt.length(handle) + VarInt.length(length);
    }

    /** Of what {@link FrameWriter#beginFragment} writes with the same arguments. */
    public static int fragment(long handle, boolean first, boolean last, long total, int length) {
        return data(handle, length) + (first && !last ? VarInt.length(total) : 0);
    }

    /** Of packet 0 of a message with that name and those headers, at least 8. */
    public static int message(int numPackets, long replyId, byte[] name, Headers headers, int length) {
        return message(numPackets, 0, replyId, length)
                + VarInt.length(name.length)
                + name.length
                + headers.encodedLength();
    }

    /** Of another packet of a message, at least 6. */
    public static int message(int numPackets, int packetId, long replyId, int length) {
        return 2 + VarInt.length(numPackets) + VarInt.length(packetId) + VarInt.length(replyId) + VarInt.length(length);
    }
}
