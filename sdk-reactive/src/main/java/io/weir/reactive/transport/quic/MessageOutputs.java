package io.weir.reactive.transport.quic;

import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameType;
import io.weir.core.wire.MessageFields;
import io.weir.core.wire.MessageType;
import io.weir.reactive.transport.Lanes;
import java.util.HashSet;
import java.util.Set;

/**
 * Which QUIC stream a message goes in: those of one packet share one, in their order; those of several have {@value #LARGE} others,
 * by their number, so that none of them holds up a small one. What may still follow a large one, as its cancel, goes where it went.
 * Loop-confined.
 */
final class MessageOutputs {

    /** As many messages are under way in parts at once for each window, of which there are two. */
    static final int LARGE = 128;

    /** The stream of those of one packet. */
    static final int SMALL = 0;

    private static final int LEAST_SWEPT = 256;

    private final Lanes lanes;
    private final FrameReader reader = new FrameReader();

    /** Lanes of large messages of which something was written, and not all. */
    private final Set<Long> underWay = new HashSet<>();

    /** Of large ones all of which was written: those that something may follow. */
    private final Set<Long> written = new HashSet<>();

    private int sweptAt = LEAST_SWEPT;

    MessageOutputs(Lanes lanes) {
        this.lanes = lanes;
    }

    /**
     * The number of the stream for a packet that was just written.
     *
     * @param lane as {@link Lanes#message} has told it
     * @return {@link #SMALL}, or 1 to {@link #LARGE}
     */
    int streamOf(long lane, byte[] frames, int from, int length) {
        return isWhole(frames, from) ? SMALL : streamOfOther(lane, frames, from, length);
    }

    /** Whether it is a message of one packet that ends nothing, as nearly all are: told by its first three bytes. */
    private static boolean isWhole(byte[] frames, int from) {
        if (frames[from] != FrameType.MESSAGE.number() || frames[from + 2] != 1) {
            return false;
        }
        MessageType type = MessageType.written(frames[from + 1]);
        return type != MessageType.CANCEL && type != MessageType.CANCELLED;
    }

    private int streamOfOther(long lane, byte[] frames, int from, int length) {
        reader.reset(frames, from, length);
        if (reader.next() != FrameReader.Kind.MESSAGE) {
            throw new IllegalStateException("a lane of messages has said something else: " + reader.problem());
        }
        MessageFields packet = reader.message();
        MessageType type = packet.type();
        boolean follows = type == MessageType.CANCEL || type == MessageType.CANCELLED;
        if (follows ? !underWay.remove(lane) && !written.remove(lane) : packet.numPackets() == 1) {
            return SMALL;
        }
        if (!follows) {
            note(lane, packet);
        }
        return 1 + (int) (lane % LARGE);
    }

    private void note(long lane, MessageFields packet) {
        if (packet.packetId() < packet.numPackets() - 1) {
            underWay.add(lane);
            return;
        }
        underWay.remove(lane);
        if (lanes.mayFollow(lane)) {
            written.add(lane);
            if (written.size() >= sweptAt) {
                sweep();
            }
        }
    }

    /** Forgets requests that have had their answer meanwhile; of what is left as many again are taken before the next time. */
    private void sweep() {
        written.removeIf(lane -> !lanes.mayFollow(lane));
        sweptAt = Math.max(LEAST_SWEPT, 2 * written.size());
    }
}
