package io.weir.core.wire;

/**
 * Packet numbers that arrived, without a gap.
 *
 * @param first lowest number, 0 to {@code last}
 * @param last highest number, at most {@link VarInt#MAX}
 */
public record PacketRange(long first, long last) {

    public PacketRange {
        if (first < 0 || last < first || last > VarInt.MAX) {
            throw new IllegalArgumentException(
                    "range is " + first + " to " + last + ", must ascend within 0 to " + VarInt.MAX);
        }
    }
}
