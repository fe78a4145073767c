package io.weir.reactive.transport.quic;

import io.weir.core.wire.FrameWriter;
import io.weir.reactive.transport.Lanes;
import java.util.Objects;

/** What a session has to say of messages, and the streams that carry it. Loop-confined. */
final class MessageLane {

    /**
     * Bytes of packets behind which a block of small messages ends. Its reader takes none of it before all of it has come, so this is
     * less than what goes out at once: the first are answered while the last are under way.
     */
    static final int FULL_BYTES = 4 * 1024;

    private final Lanes source;
    private final OutboundStreams streams;
    private final MessageOutputs outputs;
    private boolean awake;
    private boolean shut;

    MessageLane(Lanes source, OutboundStreams streams) {
        this.source = source;
        this.streams = streams;
        this.outputs = new MessageOutputs(source);
    }

    /** There may be some. */
    void wake() {
        awake = true;
    }

    /** Nothing is written any more. */
    void shut() {
        shut = true;
    }

    /**
     * Writes packets of small messages up to {@value #FULL_BYTES} bytes, or up to one of a large message, which goes in a stream of its own.
     *
     * @return bytes written; 0 if there are none, or the stream of small ones is not free
     */
    int write(FrameWriter writer) {
        LaneOutput small = awake ? streams.messages(MessageOutputs.SMALL) : null;
        if (small == null || !small.isFree()) {
            return 0;
        }
        writer.reset();
        source.begin();
        int stream = MessageOutputs.SMALL;
        int smallBytes = 0;
        while (stream == MessageOutputs.SMALL && smallBytes < FULL_BYTES) {
            awake = false; // they may be woken while they are asked
            long lane = source.message(writer);
            if (lane == Lanes.NONE || shut) {
                awake |= smallBytes > 0; // there may have been no room only
                break;
            }
            awake = true;
            int bytes = writer.position() - smallBytes;
            stream = outputs.streamOf(lane, writer.array(), smallBytes, bytes);
            if (stream == MessageOutputs.SMALL) {
                smallBytes += bytes;
            }
        }
        if (shut) {
            return 0; // the session has ended meanwhile, and its connection
        }
        if (!writer.isEmpty()) {
            source.sent(writer.position());
        }
        if (smallBytes > 0) {
            small.write(writer.array(), 0, smallBytes);
        }
        if (stream != MessageOutputs.SMALL) {
            LaneOutput large = Objects.requireNonNull(streams.messages(stream));
            large.write(writer.array(), smallBytes, writer.position() - smallBytes);
        }
        return writer.position();
    }
}
