package io.weir.benchmarks.peer.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.weir.benchmarks.peer.Replies;
import io.weir.benchmarks.peer.RequestWorkload;
import io.weir.benchmarks.peer.Requests;
import java.util.Arrays;

/**
 * Keeps requests in flight: each reply lets the next request of its slot go, and all that one read allowed are flushed
 * together. Replies come in the order of the requests, so nothing but that order says which is whose. While the gate is
 * closed the slots are parked, in that order too: once one is, all are until the gate has opened.
 */
public final class RequestingHandler extends ChannelInboundHandlerAdapter {
    private final FrameBatch requests;
    private final Replies replies;
    private final ByteBuf[] payloads;
    private final long[] startedNanos;
    private int next;
    private int firstParked;
    private int parked;

    /** Asks by way of that batch. */
    public RequestingHandler(RequestWorkload workload, FrameBatch requests, Replies replies) {
        this.requests = requests;
        this.replies = replies;
        this.payloads = new ByteBuf[workload.inFlight()];
        Arrays.setAll(
                payloads,
                slot -> Unpooled.directBuffer(workload.payloadBytes())
                        .writeBytes(Requests.payload(slot, workload.payloadBytes())));
        this.startedNanos = new long[workload.inFlight()];
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        // Reactor Netty reads when its Flux is asked, which here nobody subscribes to.
        ctx.channel().config().setAutoRead(true);
        for (int slot = 0; slot < payloads.length; slot++) {
            park(ctx, slot);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf reply = (ByteBuf) message;
        int slot = next;
        next = slot + 1 == payloads.length ? 0 : slot + 1;
        int first = reply.readerIndex();
        int length = reply.readableBytes();
        startedNanos[slot] = replies.recorder()
                .record(
                        startedNanos[slot],
                        slot,
                        length,
                        reply.getByte(first),
                        reply.getInt(first + Requests.SLOT_OFFSET),
                        reply.getByte(first + length - 1));
        reply.release();
        if (parked == 0 && replies.gate().isOpen()) {
            requests.add(ctx, payloads[slot]);
        } else {
            park(ctx, slot);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        requests.flush(ctx);
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        replies.failed(new IllegalStateException("the connection ended"));
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        replies.failed(cause);
        ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        requests.release();
    }

    private void park(ChannelHandlerContext ctx, int slot) {
        if (parked++ == 0) {
            firstParked = slot;
            replies.gate().whenOpen(() -> ctx.executor().execute(() -> askParked(ctx)));
        }
    }

    private void askParked(ChannelHandlerContext ctx) {
        long nowNanos = System.nanoTime();
        for (; parked > 0; parked--) {
            startedNanos[firstParked] = nowNanos;
            requests.add(ctx, payloads[firstParked]);
            firstParked = firstParked + 1 == payloads.length ? 0 : firstParked + 1;
        }
        requests.flush(ctx);
    }
}
