package io.weir.core.wire;

import java.util.List;
import java.util.Objects;

/** A frame below sessions: it fills or acknowledges packets, or is one that this version does not know. */
public sealed interface LinkFrame extends Frame {

    /**
     * Bytes without meaning.
     *
     * <pre>
     * | 0x00 | 0x00 | ...
     * </pre>
     *
     * @param length bytes, one for each PADDING frame; 1 to {@link FrameWriter#RECORD_MAX}
     */
    record Padding(int length) implements LinkFrame {
        public Padding {
            FieldCheck.range("PADDING length", length, 1, FrameWriter.RECORD_MAX);
        }

        @Override
        public FrameType type() {
            return FrameType.PADDING;
        }
    }

    /**
     * Packets that arrived, on datagram links. The highest range comes first; each further one is told as the gap below
     * the one before and its own length, both less one as in RFC 9000 section 19.3.1.
     *
     * <pre>
     * | 0x0B | largest v | delay v | first range v | n v | n x ( gap v | length v ) | ect0 v | ect1 v | ce v |
     * </pre>
     *
     * @param ranges what arrived, highest first, with at least one number missing between two; 1 to 4,096 ranges
     * @param delayMicros time between the arrival of the largest and this frame
     * @param ect0 packets that arrived marked ECT(0)
     * @param ect1 packets that arrived marked ECT(1)
     * @param ce packets that arrived marked CE
     */
    record Feedback(List<PacketRange> ranges, long delayMicros, long ect0, long ect1, long ce) implements LinkFrame {

        /** Half of the replay window: more gaps than that cannot be told apart. */
        public static final int MAX_RANGES = 4096;

        public Feedback {
            ranges = List.copyOf(ranges);
            FieldCheck.range("FEEDBACK ranges", ranges.size(), 1, MAX_RANGES);
            FieldCheck.range("FEEDBACK delay", delayMicros, 0, VarInt.MAX);
            FieldCheck.range("FEEDBACK ect0", ect0, 0, VarInt.MAX);
            FieldCheck.range("FEEDBACK ect1", ect1, 0, VarInt.MAX);
            FieldCheck.range("FEEDBACK ce", ce, 0, VarInt.MAX);
            for (int i = 1; i < ranges.size(); i++) {
                if (ranges.get(i).last() > ranges.get(i - 1).first() - 2) {
                    throw new IllegalArgumentException("FEEDBACK ranges must descend with gaps, " + ranges.get(i)
                            + " comes after " + ranges.get(i - 1));
                }
            }
        }

        /** The highest number that arrived. */
        public long largest() {
            return ranges.get(0).last();
        }

        @Override
        public FrameType type() {
            return FrameType.FEEDBACK;
        }
    }

    /**
     * A frame of a later version, which this one skips. {@link FrameReader} does not hand it out.
     *
     * <pre>
     * | type v, 0x40 or more | bytes |
     * </pre>
     *
     * @param number the type, 0x40 or more
     * @param payload its content
     */
    record Unknown(long number, Bytes payload) implements LinkFrame {
        public Unknown {
            FieldCheck.range("frame type", number, FrameType.UNKNOWN.number(), VarInt.MAX);
            Objects.requireNonNull(payload, "payload");
        }

        @Override
        public FrameType type() {
            return FrameType.UNKNOWN;
        }
    }
}
