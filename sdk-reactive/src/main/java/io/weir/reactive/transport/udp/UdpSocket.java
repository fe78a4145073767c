package io.weir.reactive.transport.udp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.weir.core.datagram.DatagramCounts;
import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.transport.DatagramCounter;
import io.weir.reactive.transport.DatagramSocket;
import io.weir.reactive.transport.SessionLoop;
import io.weir.reactive.transport.netty.GrantedBuffers;
import io.weir.reactive.transport.netty.NettyLoop;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * One UDP port of the system, connected to nobody. Bound at {@code ::} it serves IPv6 and IPv4.
 *
 * <p>Nothing that the network does closes it. An ICMP message is told of an earlier datagram and costs nothing; a read that
 * fails for other reasons makes reading pause for {@link #PAUSE_MILLIS}, so that a failure that stays does not spin. Marks of
 * congestion are neither sent nor seen ({@link UdpChannels}): all is {@link Ecn#NOT_ECT}.
 *
 * <p>Serialisation: confined to its event loop, on which it stays for life.
 */
final class UdpSocket implements DatagramSocket {

    private static final long PAUSE_MILLIS = 10;

    /** The largest datagram, and more. */
    private static final int RECEIVE_BYTES = 64 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(UdpSocket.class);

    private final DatagramChannel channel;
    private final SessionLoop loop;
    private final InetSocketAddress localAddress;
    private final Scopes scopes;
    private final UdpAddresses addresses;
    private final DatagramCounter counter = new DatagramCounter();
    private final UdpSender sender;
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final byte[] array = new byte[RECEIVE_BYTES];
    private final int receiveBufferBytes;
    private final int sendBufferBytes;

    private @Nullable Receiver receiver;
    private @Nullable Throwable readFailure;
    private boolean tellsLater;
    private boolean wasFull;
    private boolean somethingCame;
    private boolean paused;

    /** By this side. */
    private volatile boolean closing;

    private UdpSocket(DatagramChannel channel, Scopes scopes, int perBatch) {
        this.channel = channel;
        this.scopes = scopes;
        addresses = new UdpAddresses(scopes);
        loop = NettyLoop.of(channel.eventLoop());
        localAddress = channel.localAddress();
        receiveBufferBytes = GrantedBuffers.receiveBytes(channel);
        sendBufferBytes = GrantedBuffers.sendBytes(channel);
        sender = new UdpSender(channel, addresses, counter, perBatch, this::tellLater);
    }

    /**
     * The socket of a channel that has just been bound, on its loop.
     *
     * @param perBatch so many datagrams are given to the system in one piece at most; 1 where it cannot cut
     */
    static UdpSocket of(DatagramChannel channel, Scopes scopes, int perBatch) {
        UdpSocket socket = new UdpSocket(channel, scopes, perBatch);
        channel.pipeline().addLast("weir.datagrams", socket.new Handler());
        channel.closeFuture().addListener(done -> socket.endLater());
        return socket;
    }

    @Override
    public SessionLoop loop() {
        return loop;
    }

    @Override
    public SocketAddress localAddress() {
        return localAddress;
    }

    /** Lets others be bound where this one is. */
    void share() {
        UdpChannels.share(channel);
    }

    @Override
    public SocketAddress socketAddress(PathAddress address) {
        return scopes.socketAddress(address);
    }

    /** Bound to all addresses, or to one of the same family; what is bound to the loopback interface does not leave it. */
    @Override
    public boolean reaches(PathAddress to) {
        return reaches(localAddress.getAddress(), scopes.socketAddress(to).getAddress());
    }

    static boolean reaches(InetAddress here, InetAddress there) {
        if (here.isAnyLocalAddress()) {
            return here instanceof Inet6Address || there instanceof Inet4Address;
        }
        return here instanceof Inet6Address == there instanceof Inet6Address
                && (!here.isLoopbackAddress() || there.isLoopbackAddress());
    }

    @Override
    public void receive(Receiver receiver) {
        requireLoop();
        if (this.receiver != null) {
            throw new IllegalStateException("somebody receives already");
        }
        this.receiver = Objects.requireNonNull(receiver, "receiver");
        if (channel.isOpen()) {
            channel.config().setAutoRead(true);
        } else {
            endLater();
        }
    }

    @Override
    public void send(byte[] array, int offset, int length, int segmentBytes, PathAddress to, Ecn mark) {
        requireLoop();
        Objects.checkFromIndexSize(offset, length, array.length);
        if (segmentBytes < 1 || length < 1 || (length - 1) / segmentBytes >= mostSegments()) {
            throw new IllegalArgumentException("length is " + length + ", in segments of " + segmentBytes
                    + "; legal: 1 to " + mostSegments() + " segments of 1 byte or more");
        }
        if (!closing && channel.isOpen()) {
            sender.send(array, offset, length, segmentBytes, to);
        }
    }

    @Override
    public int mostSegments() {
        return sender.perBatch();
    }

    @Override
    public boolean writable() {
        requireLoop();
        boolean writable = channel.isWritable();
        wasFull |= !writable;
        return writable;
    }

    @Override
    public void close() {
        closing = true;
        channel.close();
    }

    @Override
    public Mono<Void> onClose() {
        return closed.asMono();
    }

    /** How much of what has come, and was not read, the system keeps. Any thread. */
    int receiveBufferBytes() {
        return receiveBufferBytes;
    }

    /** How much of what has not gone out the system takes. Any thread. */
    int sendBufferBytes() {
        return sendBufferBytes;
    }

    @Override
    public DatagramCounts counts() {
        return counter.counts();
    }

    /** For tests: what it runs on. */
    DatagramChannel channel() {
        return channel;
    }

    /** For tests. On the loop. */
    int waitingBytes() {
        return sender.waitingBytes();
    }

    @Override
    public String toString() {
        return "UdpSocket " + channel;
    }

    private void requireLoop() {
        if (!loop.inLoop()) {
            throw new IllegalStateException("called on " + Thread.currentThread() + ", must be on " + loop);
        }
    }

    /** What there is to tell is told by a task, so that nobody hears it inside a call. */
    private void tellLater() {
        if (tellsLater) {
            return;
        }
        try {
            channel.eventLoop().execute(this::tell);
            tellsLater = true;
        } catch (RejectedExecutionException e) {
            // The loop ends, and this socket with it: nobody listens any more.
        }
    }

    private void tell() {
        tellsLater = false;
        for (UdpSender.Refusal refusal = sender.nextRefusal(); refusal != null; refusal = sender.nextRefusal()) {
            UdpSender.Refusal told = refusal;
            tell(to -> to.onRefused(told.bytes(), told.to()));
        }
        if (wasFull && channel.isWritable()) {
            wasFull = false;
            tell(Receiver::onWritable);
        }
    }

    /** The JDK's selectors let go of a closed socket, and so of its port, only in their next round. */
    private void endLater() {
        try {
            if (channel instanceof EpollDatagramChannel) {
                channel.eventLoop().execute(this::end);
            } else {
                channel.eventLoop().schedule(this::end, 1, TimeUnit.MILLISECONDS);
            }
        } catch (RejectedExecutionException e) {
            end(); // the loop has ended, and with it whatever might be disturbed
        }
    }

    private void end() {
        Receiver told = receiver;
        if (told != null) {
            receiver = null;
            Throwable broke = readFailure != null ? readFailure : ofItself();
            try {
                told.onClosed(closing ? null : broke);
            } catch (Throwable e) {
                Fault.report(e, Context.empty());
            }
        }
        closed.tryEmitEmpty();
    }

    private static IOException ofItself() {
        return new IOException("the system has closed the socket");
    }

    private interface Told {
        void to(Receiver receiver);
    }

    private void tell(Told what) {
        Receiver told = receiver;
        if (told == null || closing) {
            return;
        }
        try {
            what.to(told);
        } catch (Throwable e) {
            Fault.report(e, Context.empty());
        }
    }

    /** Reads on by itself after a while. */
    private void pause(Throwable cause) {
        if (readFailure == null) {
            LOG.warn("{} cannot read; it goes on trying", this, cause);
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

    private void deliver(ByteBuf datagram, InetSocketAddress from) {
        Receiver told = receiver;
        if (told == null || closing) {
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
        try {
            told.onDatagram(array, 0, length, addresses.of(from), Ecn.NOT_ECT);
        } catch (Throwable e) {
            Fault.report(e, Context.empty());
        }
    }

    /** Translates the channel's events; nobody stands behind it. */
    private final class Handler extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            try {
                if (message instanceof DatagramPacket packet) {
                    deliver(packet.content(), packet.sender());
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (somethingCame) {
                somethingCame = false;
                tell(Receiver::onReceived);
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (channel.isWritable()) {
                tellLater();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!(cause instanceof PortUnreachableException)) {
                pause(cause);
            }
        }
    }
}
