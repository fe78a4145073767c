package io.weir.benchmarks.peer.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * Seals elements into datagrams, {@link #BATCH} to a send, as far as the receiver has granted and the channel is writable.
 * A grant is the number below which datagrams may be sent, in a datagram of 8 bytes; whoever sent the last one is the receiver.
 *
 * <p>Confined to the channel's event loop. It relies on a source that emits what is requested before {@code request} returns.
 */
final class DatagramSender extends ChannelInboundHandlerAdapter implements CoreSubscriber<byte[]> {
    /** Datagrams that the system cuts out of one send. */
    private static final int BATCH = 44;

    private static final int PLAIN_BYTES = RawDatagramPeer.DATAGRAM_BYTES - SealedDatagram.OVERHEAD_BYTES;

    private final Flux<byte[]> elements;
    private final SealedDatagram sealing;
    private final byte[] plain = new byte[PLAIN_BYTES];
    private final byte[] sealed = new byte[BATCH * RawDatagramPeer.DATAGRAM_BYTES];
    private @Nullable Subscription subscription;
    private byte[] element = {};
    private int elementAt;
    private long next;
    private long granted;
    private @Nullable InetSocketAddress receiver;
    private boolean pumping;

    DatagramSender(Flux<byte[]> elements, SealedDatagram sealing) {
        this.elements = elements;
        this.sealing = sealing;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        elements.subscribe(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket grant = (DatagramPacket) message;
        receiver = grant.sender();
        granted = Math.max(granted, grant.content().readLong());
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        pump(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        pump(ctx);
    }

    private void pump(ChannelHandlerContext ctx) {
        InetSocketAddress to = receiver;
        if (to == null || pumping) {
            return;
        }
        pumping = true;
        while (next < granted && ctx.channel().isWritable()) {
            int length = 0;
            for (int count = 0; count < BATCH && next < granted; count++) {
                length += sealing.seal(next, fill(), plain, PLAIN_BYTES, sealed, length);
                next++;
            }
            ByteBuf batch = ctx.alloc().directBuffer(length, length).writeBytes(sealed, 0, length);
            ctx.writeAndFlush(
                    length > RawDatagramPeer.DATAGRAM_BYTES
                            ? new SegmentedDatagramPacket(batch, RawDatagramPeer.DATAGRAM_BYTES, to)
                            : new DatagramPacket(batch, to),
                    ctx.voidPromise());
        }
        pumping = false;
    }

    /** Fills the next datagram, and returns where its first element begins. */
    private int fill() {
        int first = SealedDatagram.NO_ELEMENT;
        int at = 0;
        while (at < PLAIN_BYTES) {
            if (elementAt == element.length) {
                if (PLAIN_BYTES - at < RawDatagramPeer.LENGTH_BYTES) {
                    plain[at++] = 0; // a length is never cut: what is left is filled up
                    continue;
                }
                subscription().request(1);
                first = first == SealedDatagram.NO_ELEMENT ? at : first;
                ByteBuffer.wrap(plain).putInt(at, element.length);
                at += RawDatagramPeer.LENGTH_BYTES;
            }
            int bytes = Math.min(PLAIN_BYTES - at, element.length - elementAt);
            System.arraycopy(element, elementAt, plain, at, bytes);
            elementAt += bytes;
            at += bytes;
        }
        return first;
    }

    private Subscription subscription() {
        if (subscription == null) {
            throw new IllegalStateException("not subscribed");
        }
        return subscription;
    }

    @Override
    public void onSubscribe(Subscription s) {
        subscription = s;
    }

    @Override
    public void onNext(byte[] payload) {
        element = payload;
        elementAt = 0;
    }

    @Override
    public void onError(Throwable error) {
        throw new IllegalStateException("an endless stream failed", error);
    }

    @Override
    public void onComplete() {
        throw new IllegalStateException("an endless stream completed");
    }
}
