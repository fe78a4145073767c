package io.weir.reactive.transport.udp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.weir.core.path.PathAddress;
import io.weir.reactive.transport.DatagramCounter;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes to a socket: Weir's datagrams are told to its listener, those of {@link LentSocket} go on to it. A read that fails makes reading
 * pause for {@value #PAUSE_MILLIS} ms, so that a failure that stays does not spin; an ICMP message is told of an earlier datagram, and costs
 * nothing. Confined to the channel's loop, but for {@link #lendTo}.
 */
final class UdpInbound extends ChannelInboundHandlerAdapter {

    static final long PAUSE_MILLIS = 10;

    /** The largest datagram, and more. */
    private static final int RECEIVE_BYTES = 64 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(UdpInbound.class);

    /** Hears of it. */
    interface Listener {
        /** Whether there is anybody who wants datagrams. */
        boolean hears();

        /** @param array borrowed: valid until this returns */
        void onDatagram(byte[] array, int length, PathAddress from);

        /** Nothing more has come for now, behind one or more. */
        void onReceived();

        /** What is written goes out again. */
        void onWritable();
    }

    private final DatagramChannel channel;
    private final UdpAddresses addresses;
    private final DatagramCounter counter;
    private final Listener listener;
    private final byte[] array = new byte[RECEIVE_BYTES];
    private @Nullable Throwable readFailure;
    private boolean somethingCame;
    private boolean paused;
    private volatile @Nullable LentSocket guest;

    UdpInbound(DatagramChannel channel, UdpAddresses addresses, DatagramCounter counter, Listener listener) {
        this.channel = channel;
        this.addresses = addresses;
        this.counter = counter;
        this.listener = listener;
    }

    /** Who gets what is not Weir's; null for nobody. Any thread. */
    void lendTo(@Nullable LentSocket who) {
        guest = who;
    }

    /** Why it does not read; null if it does. */
    @Nullable
    Throwable readFailure() {
        return readFailure;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        LentSocket other = guest;
        if (other != null && message instanceof DatagramPacket packet && other.takes(packet)) {
            readFailure = null;
            return;
        }
        try {
            if (message instanceof DatagramPacket packet) {
                deliver(packet.content(), packet.sender());
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void deliver(ByteBuf datagram, InetSocketAddress from) {
        if (!listener.hears()) {
            LentSocket other = guest;
            if (other != null) {
                other.onUnheard();
            }
            return;
        }
        if (from.getPort() == 0) {
            counter.onUnanswerable();
            return;
        }
        readFailure = null;
        somethingCame = true;
        counter.onReceived();
        int length = datagram.readableBytes();
        datagram.getBytes(datagram.readerIndex(), array, 0, length);
        listener.onDatagram(array, length, addresses.of(from));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (somethingCame) {
            somethingCame = false;
            listener.onReceived();
        }
        LentSocket other = guest;
        if (other != null) {
            other.endTurn();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            listener.onWritable();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof PortUnreachableException)) {
            pause(cause);
        }
    }

    /** Reads on by itself after a while. */
    private void pause(Throwable cause) {
        if (readFailure == null) {
            LOG.warn("{} cannot read; it goes on trying", channel, cause);
        }
        readFailure = cause;
        if (paused) {
            return;
        }
        try {
            channel.eventLoop().schedule(this::resume, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            paused = true;
            channel.config().setAutoRead(false);
        } catch (RejectedExecutionException e) {
            // The loop ends, and this socket with it.
        }
    }

    private void resume() {
        paused = false;
        if (channel.isOpen()) {
            channel.config().setAutoRead(true);
        }
    }
}
