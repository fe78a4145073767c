package io.weir.benchmarks.peer.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.weir.benchmarks.peer.CountingReceiver;
import io.weir.benchmarks.peer.Reception;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;

/**
 * Opens datagrams, counts the elements that came whole, and grants more while there is demand. What comes without demand, at
 * most {@link #WINDOW} datagrams, waits. Confined to the channel's event loop, but for {@link #request}.
 */
final class DatagramReceiver extends ChannelInboundHandlerAdapter implements Subscription {
    /** Datagrams that may be under way: a third of the 4 MiB that the socket keeps. */
    static final int WINDOW = 1_024;

    /** So many come before another grant goes out. */
    private static final int GRANT_EVERY = WINDOW / 16;

    /** After so long without a datagram a grant is taken to be lost, or what it has granted. */
    private static final int QUIET_MILLIS = 20;

    private final InetSocketAddress sender;
    private final SealedDatagram opening;
    private final ElementCut cut = new ElementCut(this::take);
    private final CountingReceiver receiver;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private final byte[] datagram = new byte[64 << 10];
    private final byte[] plain = new byte[64 << 10];
    private @Nullable ChannelHandlerContext context;
    private long demand;
    private long expected;
    private long granted;
    private boolean cameLately;

    DatagramReceiver(InetSocketAddress sender, SealedDatagram opening, Reception reception) {
        this.sender = sender;
        this.opening = opening;
        receiver = new CountingReceiver(reception, reception.counter(0));
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        receiver.onSubscribe(this);
        ctx.executor().scheduleAtFixedRate(this::onTick, QUIET_MILLIS, QUIET_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf content = ((DatagramPacket) message).content();
        int length = content.readableBytes();
        content.readBytes(datagram, 0, length);
        ReferenceCountUtil.release(message);
        if (demand > 0 && waiting.isEmpty()) {
            open(datagram, length);
        } else {
            waiting.add(Arrays.copyOf(datagram, length));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        grantIfDue();
    }

    @Override
    public void request(long n) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not active");
        }
        if (ctx.executor().inEventLoop()) {
            demand += n;
        } else {
            ctx.executor().execute(() -> {
                demand += n;
                openWaiting();
            });
        }
    }

    @Override
    public void cancel() {
        if (context != null) {
            context.close();
        }
    }

    private void openWaiting() {
        while (demand > 0 && !waiting.isEmpty()) {
            byte[] next = waiting.remove();
            open(next, next.length);
        }
        grantIfDue();
    }

    private void open(byte[] array, int length) {
        long number = ElementCut.number(array);
        int bytes = opening.open(number, array, length, plain);
        cut.take(number == expected, ElementCut.firstElement(array), plain, bytes);
        expected = Math.max(expected, number + 1);
        cameLately = true;
    }

    private void take(int length, byte first, byte last) {
        demand--;
        receiver.onNext(length, first, last);
    }

    private void grantIfDue() {
        if (demand > 0 && expected + WINDOW - granted >= GRANT_EVERY) {
            grant(expected + WINDOW);
        }
    }

    private void onTick() {
        if (demand > 0 && !cameLately && waiting.isEmpty()) {
            grant(granted + GRANT_EVERY);
        }
        cameLately = false;
    }

    private void grant(long limit) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            granted = limit;
            ctx.writeAndFlush(
                    new DatagramPacket(ctx.alloc().directBuffer(Long.BYTES).writeLong(limit), sender),
                    ctx.voidPromise());
        }
    }
}
