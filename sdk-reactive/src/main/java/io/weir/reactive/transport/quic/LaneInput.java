package io.weir.reactive.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import org.jspecify.annotations.Nullable;

/**
 * One QUIC stream of the peer's: cuts it into blocks. What has come of a block that is not whole is held in a {@link PartialBlock}; one read
 * is held of a stream whose turn has not come. Confined to the connection's loop.
 */
final class LaneInput extends ChannelInboundHandlerAdapter {

    private final InboundLanes lanes;
    private final QuicStreamChannel stream;
    private @Nullable StreamType type;
    private @Nullable ByteBuf held;
    private final PartialBlock block;
    private boolean finished;
    private boolean ended;

    LaneInput(InboundLanes lanes, QuicStreamChannel stream) {
        this.lanes = lanes;
        this.stream = stream;
        this.block = new PartialBlock(lanes.spare());
        stream.config().setAutoRead(false);
    }

    /** Its place among the streams of its kind and side, from 0 on. */
    long number() {
        return stream.streamId() >> 2;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.read(); // what type it is
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf before = held;
        held = before == null
                ? (ByteBuf) message
                : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), before, (ByteBuf) message);
        goOn();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownReadComplete) {
            finished = true;
            goOn();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof QuicStreamResetException) {
            end(true);
        } else {
            lanes.onDefect(cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        release();
    }

    /** Takes what has come, as far as its turn has come, and reads on then. */
    void goOn() {
        if (ended) {
            return;
        }
        ByteBuf in = held;
        if (in != null) {
            takeBlocks(in);
            if (!in.isReadable() || !lanes.isOpen()) {
                release();
            }
        }
        StreamType known = type;
        boolean taken = known != null && lanes.takes(known);
        if (finished && (taken || held == null)) {
            if (held != null || !block.isComplete()) {
                lanes.onViolation("a stream ends inside a block");
            }
            end(false);
        } else if (taken && !stream.config().isAutoRead()) {
            stream.config().setAutoRead(true);
        } else if (known == null && !finished) {
            stream.read();
        }
    }

    private void takeBlocks(ByteBuf in) {
        StreamType known = type;
        if (known == null && in.isReadable()) {
            known = lanes.onType(this, in.readUnsignedByte());
            type = known;
        }
        while (known != null && lanes.takes(known) && in.readableBytes() >= leastToTake()) {
            if (block.isComplete()) {
                int length = in.readUnsignedShort();
                if (length == 0) {
                    lanes.onViolation("a block has 0 bytes; legal: 1 to 65,535");
                    return;
                }
                block.begin(length);
            }
            if (block.take(in)) {
                lanes.onBlock(known, block);
            }
        }
    }

    /** Of a block that has begun, whatever comes: its last byte may come alone, and nothing behind it. */
    private int leastToTake() {
        return block.isComplete() ? LaneOutput.LENGTH_BYTES : 1;
    }

    private void end(boolean reset) {
        ended = true;
        release();
        stream.close(); // Netty keeps it, as if something could still be written
        lanes.onEnd(this, type, reset);
    }

    private void release() {
        ByteBuf last = held;
        held = null;
        if (last != null) {
            last.release();
        }
    }
}
