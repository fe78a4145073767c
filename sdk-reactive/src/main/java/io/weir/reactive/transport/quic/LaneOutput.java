package io.weir.reactive.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamFrame;
import io.weir.core.wire.FrameType;
import org.jspecify.annotations.Nullable;

/**
 * One QUIC stream of this side: its type, then blocks, each behind its length. It counts what QUIC has not taken yet, because the
 * congestion window or the peer's limits do not allow it. Loop-confined.
 */
final class LaneOutput {

    /** Bytes of a block's length. */
    static final int LENGTH_BYTES = 2;

    /** One frame that says nothing. */
    private static final byte[] PADDING = {(byte) FrameType.PADDING.number()};

    /** Hears what becomes of what is written. */
    interface Owner {
        /** QUIC does not take so many bytes now. */
        void onHeldUp(int bytes);

        /** It has taken them, or never will. */
        void onTaken(int bytes);

        /** The stream takes nothing any more though its connection lives: the peer has no right to that. */
        void onRefused(Throwable cause);
    }

    private final QuicStreamChannel channel;
    private final StreamType type;
    private final Owner owner;
    private boolean begun;
    private boolean finished;
    private boolean stopped;
    private int pending;

    LaneOutput(QuicStreamChannel channel, StreamType type, Owner owner) {
        this.channel = channel;
        this.type = type;
        this.owner = owner;
    }

    /** Whether QUIC has taken all that was written; of a stream that the peer has stopped nothing waits. */
    boolean isFree() {
        return pending == 0;
    }

    /** Whether nothing is written any more. */
    boolean isFinished() {
        return finished;
    }

    /** Writes frames as one block, of one byte or more. */
    void write(byte[] frames, int from, int length) {
        if (stopped) {
            return; // the session is about to end
        }
        ByteBuf block = channel.alloc().directBuffer(1 + LENGTH_BYTES + length);
        if (!begun) {
            begun = true;
            block.writeByte(type.number());
        }
        block.writeShort(length).writeBytes(frames, from, length);
        int bytes = block.readableBytes();
        ChannelFuture written = channel.write(block);
        if (!written.isSuccess()) {
            pending += bytes;
            owner.onHeldUp(bytes);
            written.addListener(done -> onTaken(bytes, done.cause()));
            if (!written.isDone() && channel.bytesBeforeUnwritable() > 0) {
                // quiche forgets a stream that was stopped, which Netty takes for one whose window is full: but this
                // one's is not
                onStopped(new ChannelOutputShutdownException("STOP_SENDING has come before"));
            }
        }
    }

    private void onTaken(int bytes, @Nullable Throwable failure) {
        if (stopped) {
            return; // nothing of it is counted any more
        }
        pending -= bytes;
        owner.onTaken(bytes);
        if (failure instanceof ChannelOutputShutdownException) {
            onStopped(failure);
        }
    }

    private void onStopped(Throwable cause) {
        stopped = true;
        int dropped = pending;
        pending = 0;
        owner.onTaken(dropped);
        owner.onRefused(cause);
    }

    /**
     * Writes a block that says nothing, to learn how much QUIC sends at once.
     *
     * @return whether it was taken; if not, the owner is told when it is
     */
    boolean probe() {
        write(PADDING, 0, PADDING.length);
        return isFree();
    }

    /** What QUIC's congestion window had room for when something was last read, less what streams have used since, in bytes. */
    long room() {
        return channel.bytesBeforeUnwritable();
    }

    /**
     * Nothing is written any more: the peer hears the end behind what was. It goes with bytes that are new, a block of PADDING: one
     * that came along with nothing but bytes which were read before would not be noticed by quiche, Netty's QUIC, at the other end. A stream
     * in which nothing was said has no such bytes. The result tells when QUIC has taken it.
     */
    ChannelFuture finish() {
        finished = true;
        if (!begun) {
            return channel.write(QuicStreamFrame.EMPTY_FIN);
        }
        ByteBuf block = channel.alloc().directBuffer(LENGTH_BYTES + PADDING.length);
        block.writeShort(PADDING.length).writeBytes(PADDING);
        // an output that is shut down by its own call would overtake what Netty still holds
        return channel.write(new DefaultQuicStreamFrame(block, true));
    }
}
