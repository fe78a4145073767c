package io.weir.reactive.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.weir.core.datagram.Drop;
import io.weir.core.error.ErrorCode;
import io.weir.reactive.transport.PortTally;
import io.weir.reactive.transport.udp.WriteFailure;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a socket and QUIC's codec, which tells nobody what it drops or whom it turns away: counts what goes by, and drops what cannot
 * be QUIC before the codec would. The first in a socket's pipeline; one for each. Confined to the socket's loop.
 *
 * <pre>
 *   socket --&gt; received --&gt; can it be QUIC? --&gt; codec
 *                              | no: dropped
 *   socket &lt;-- sent &lt;------- RETRY, other versions: turned away &lt;-- codec
 * </pre>
 */
final class PortWatch extends ChannelDuplexHandler {

    private final PortTally tally;
    private final boolean accepts;
    private final ChannelFutureListener onOneWritten = done -> onWritten(done, 1);
    private long received; // in this turn

    private PortWatch(PortTally tally, boolean accepts) {
        this.tally = tally;
        this.accepts = accepts;
    }

    /** Of a socket to which connections come. */
    static PortWatch accepting(PortTally tally) {
        return new PortWatch(tally, true);
    }

    /** Of a socket from which one is dialled. */
    static PortWatch dialling(PortTally tally) {
        return new PortWatch(tally, false);
    }

    // ---- what comes

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof DatagramPacket packet) || passes(packet)) {
            ctx.fireChannelRead(message);
        } else {
            packet.release();
        }
    }

    private boolean passes(DatagramPacket packet) {
        if (packet.sender().getPort() == 0) {
            tally.unanswerable();
            return false;
        }
        received++;
        Drop problem = accepts ? PacketShape.problem(packet.content()) : null;
        if (problem != null) {
            tally.dropped(problem);
        }
        return problem == null;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (received > 0) {
            tally.received(received);
            received = 0;
        }
        ctx.fireChannelReadComplete();
    }

    // ---- what goes out

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ChannelFutureListener counting = message instanceof DatagramPacket packet ? counting(packet) : null;
        ctx.write(message, counting == null ? promise : promise.unvoid().addListener(counting));
    }

    /** Null for one without content, by which Netty only finds out that what was written before has left. */
    private @Nullable ChannelFutureListener counting(DatagramPacket packet) {
        ByteBuf content = packet.content();
        int bytes = content.readableBytes();
        if (bytes == 0) {
            return null;
        }
        if (accepts) {
            countTurnedAway(content);
        }
        if (packet instanceof SegmentedDatagramPacket segmented && segmented.segmentSize() > 0) {
            int datagrams = (bytes - 1) / segmented.segmentSize() + 1;
            return done -> onWritten(done, datagrams);
        }
        return onOneWritten;
    }

    private void countTurnedAway(ByteBuf content) {
        if (PacketShape.isVersionNegotiation(content)) {
            tally.rejected(ErrorCode.VERSION_UNSUPPORTED);
        } else if (PacketShape.isRetry(content)) {
            tally.retried();
        }
    }

    private void onWritten(ChannelFuture done, long datagrams) {
        if (done.isSuccess()) {
            tally.sent(datagrams);
        } else if (WriteFailure.of(done.cause()) == WriteFailure.TOO_LONG) {
            tally.refused(datagrams);
        } else {
            tally.failed(datagrams);
        }
    }
}
