package io.weir.reactive.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last datagram to each peer of a listener, and sends it once more, as it was, to where a peer has moved. Of a
 * listener's pipeline, before the codec; confined to its loop.
 *
 * <p>The library takes packets on a path for lost only when a later one on the same path is acknowledged. Of those that are under
 * way to an address that the peer has left, none ever is, and the data in them, all but that of the two oldest, would never be
 * sent again: a stream would wait for ever. The last one, at the new address, is the later one. If the peer has it already, it
 * drops it, as every packet that comes twice; then its acknowledgement has said the same.
 */
final class LastDatagrams extends ChannelDuplexHandler {

    /** Bytes that may go to a place that is not proved, for each that has come from there. */
    private static final int MOST_UNPROVED = 3;

    /** Datagrams that wait for such places; there is no room for more. */
    private static final int MOST_WAITING = 256;

    /** By address, which two connections may have one after the other, or at once. */
    private final Map<InetSocketAddress, Last> byPeer = new HashMap<>();

    private @Nullable ChannelHandlerContext context;
    /** What goes to a place that is not proved, as soon as enough has come from there. */
    private final List<Waiting> waiting = new ArrayList<>();

    private int bytesRead;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof DatagramPacket packet) {
            bytesRead = packet.content().readableBytes();
            if (!waiting.isEmpty()) {
                InetSocketAddress from = packet.sender();
                waiting.removeIf(one -> one.to.equals(from) && sentAsAllowed(one));
            }
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof DatagramPacket packet) {
            Last last = byPeer.get(packet.recipient());
            if (last != null) {
                last.keep(packet);
            }
        }
        ctx.write(message, promise);
    }

    /** A connection is, or may be, with a peer there. */
    void watch(InetSocketAddress at) {
        byPeer.computeIfAbsent(at, address -> new Last()).connections++;
    }

    /** That connection is over. */
    void forget(InetSocketAddress at) {
        Last last = byPeer.get(at);
        if (last != null && --last.connections == 0) {
            byPeer.remove(at);
        }
    }

    /**
     * Sends it to a place from which a datagram is just being read, and which is not proved, as soon as a third of its bytes have
     * come from there (RFC 9000 section 8.1). It is soon, or never.
     */
    void sendUnproved(byte[] datagram, InetSocketAddress to) {
        Waiting one = new Waiting(datagram, to);
        if (!sentAsAllowed(one) && waiting.size() < MOST_WAITING) {
            waiting.add(one);
        }
    }

    private boolean sentAsAllowed(Waiting one) {
        one.allowed += MOST_UNPROVED * bytesRead;
        boolean sent = one.allowed >= one.datagram.length;
        if (sent) {
            send(one.datagram, one.to);
        }
        return sent;
    }

    /** Nothing waits for that place any more. */
    void stopWaiting(InetSocketAddress to) {
        waiting.removeIf(one -> one.to.equals(to));
    }

    /** What was sent there last; null if nothing was since {@link #forgetLast}. */
    byte @Nullable [] last(InetSocketAddress at) {
        Last last = byPeer.get(at);
        return last == null || last.length == 0 ? null : Arrays.copyOf(last.bytes, last.length);
    }

    /** It is made up for. */
    void forgetLast(InetSocketAddress at) {
        Last last = byPeer.get(at);
        if (last != null) {
            last.length = 0;
        }
    }

    /** Sends it there, as it is. */
    void send(byte[] datagram, InetSocketAddress to) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(datagram), to));
        }
    }

    /** A datagram for a place, and how many bytes may go there. */
    private static final class Waiting {
        private final byte[] datagram;
        private final InetSocketAddress to;
        private int allowed;

        Waiting(byte[] datagram, InetSocketAddress to) {
            this.datagram = datagram;
            this.to = to;
        }
    }

    /** A copy: what is sent is another's as soon as it has left. */
    private static final class Last {
        private byte[] bytes = new byte[0];
        private int length;
        private int connections;

        void keep(DatagramPacket packet) {
            ByteBuf all = packet.content();
            int ofAll = all.readableBytes();
            length = ofAll;
            if (packet instanceof SegmentedDatagramPacket cut && ofAll > 0) {
                int rest = ofAll % cut.segmentSize();
                length = rest > 0 ? rest : Math.min(ofAll, cut.segmentSize());
            }
            if (bytes.length < length) {
                bytes = new byte[length];
            }
            all.getBytes(all.writerIndex() - length, bytes, 0, length);
        }
    }
}
