package io.weir.reactive.transport.udp;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
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
import java.net.SocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * One UDP port of the system, connected to nobody. Bound at {@code ::} it serves IPv6 and IPv4.
 *
 * <p>Nothing that the network does closes it. An ICMP message is told of an earlier datagram and costs nothing; a read that
 * fails for other reasons makes reading pause for {@link UdpInbound#PAUSE_MILLIS}, so that a failure that stays does not spin. Marks of
 * congestion are neither sent nor seen ({@link UdpChannels}): all is {@link Ecn#NOT_ECT}.
 *
 * <p>Serialisation: confined to its event loop, on which it stays for life.
 */
final class UdpSocket implements DatagramSocket {

    private final DatagramChannel channel;
    private final SessionLoop loop;
    private final InetSocketAddress localAddress;
    private final Scopes scopes;
    private final UdpAddresses addresses;
    private final DatagramCounter counter = new DatagramCounter();
    private final UdpInbound inbound;
    private final ChannelHandlerContext door;
    private final UdpSender sender;
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final int receiveBufferBytes;
    private final int sendBufferBytes;

    private @Nullable Receiver receiver;
    private boolean tellsLater;
    private boolean wasFull;

    /** By this side. */
    private volatile boolean closing;

    /** Whether QUIC uses it too: then its end here leaves it open. Changed on the loop. */
    private volatile boolean lent;

    private UdpSocket(DatagramChannel channel, Scopes scopes, int perBatch) {
        this.channel = channel;
        this.scopes = scopes;
        addresses = new UdpAddresses(scopes);
        loop = NettyLoop.of(channel.eventLoop());
        localAddress = channel.localAddress();
        receiveBufferBytes = GrantedBuffers.receiveBytes(channel);
        sendBufferBytes = GrantedBuffers.sendBytes(channel);
        inbound = new UdpInbound(channel, addresses, counter, new Ears());
        channel.pipeline().addLast(inbound);
        door = channel.pipeline().context(inbound);
        sender = new UdpSender(door, addresses, counter, perBatch, this::tellLater);
    }

    /**
     * The socket of a channel that has just been bound, on its loop.
     *
     * @param perBatch so many datagrams are given to the system in one piece at most; 1 where it cannot cut
     */
    static UdpSocket of(DatagramChannel channel, Scopes scopes, int perBatch) {
        UdpSocket socket = new UdpSocket(channel, scopes, perBatch);
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

    /** Where QUIC uses it too it is closed for Weir's datagrams only, until QUIC has done with it. */
    @Override
    public void close() {
        closing = true;
        if (!lent) {
            channel.close();
        } else {
            try {
                channel.eventLoop().execute(this::tellClosed);
            } catch (RejectedExecutionException e) {
                channel.close();
            }
        }
    }

    /** Whoever uses it. Any thread. */
    void closeForAll() {
        closing = true;
        channel.close();
    }

    // ---- for QUIC at the same port

    /** Lends it, with the others of its port; null if it is lent already, or closed. On the loop. */
    @Nullable
    LentSocket lend(List<UdpSocket> all) {
        if (lent || !channel.isOpen()) {
            return null;
        }
        lent = true;
        if (closing) { // by another thread, which has seen whether it is lent, or not
            takeBack();
            return null;
        }
        return new LentSocket(this, all);
    }

    /** It is lent no more. On the loop. */
    void takeBack() {
        lent = false;
        if (closing) {
            channel.close();
        }
    }

    /** Who gets what is not Weir's; null for nobody. Any thread. */
    void lendTo(@Nullable LentSocket who) {
        inbound.lendTo(who);
    }

    /** From where what is not Weir's goes on. */
    ChannelHandlerContext door() {
        return door;
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
        tellClosed();
        closed.tryEmitEmpty();
    }

    private void tellClosed() {
        Receiver told = receiver;
        if (told != null) {
            receiver = null;
            Throwable unread = inbound.readFailure();
            Throwable broke = unread != null ? unread : ofItself();
            try {
                told.onClosed(closing ? null : broke);
            } catch (Throwable e) {
                Fault.report(e, Context.empty());
            }
        }
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

    /** What the channel has to tell, for whoever receives here. */
    private final class Ears implements UdpInbound.Listener {

        @Override
        public boolean hears() {
            return receiver != null && !closing;
        }

        @Override
        public void onDatagram(byte[] array, int length, PathAddress from) {
            Receiver told = receiver;
            if (told == null) {
                return;
            }
            try {
                told.onDatagram(array, 0, length, from, Ecn.NOT_ECT);
            } catch (Throwable e) {
                Fault.report(e, Context.empty());
            }
        }

        @Override
        public void onReceived() {
            tell(Receiver::onReceived);
        }

        @Override
        public void onWritable() {
            tellLater();
        }
    }
}
