package io.weir.benchmarks.peer.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Answers each frame with one of the same payload, and flushes all that one read brought together. */
public final class AnsweringHandler extends ChannelInboundHandlerAdapter {
    private final FrameBatch answers;

    /** Answers by way of that batch. */
    public AnsweringHandler(FrameBatch answers) {
        this.answers = answers;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        // Reactor Netty reads when its Flux is asked, which here nobody subscribes to.
        ctx.channel().config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf request = (ByteBuf) message;
        answers.add(ctx, request);
        request.release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        answers.flush(ctx);
        ctx.fireChannelReadComplete();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        answers.release();
    }
}
