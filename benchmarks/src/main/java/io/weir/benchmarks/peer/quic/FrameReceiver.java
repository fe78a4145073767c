package io.weir.benchmarks.peer.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.weir.benchmarks.peer.BoundedReceiver;
import io.weir.benchmarks.peer.ElementCounter;
import io.weir.benchmarks.peer.Reception;
import java.util.ArrayDeque;
import java.util.Deque;
import org.reactivestreams.Subscription;

/**
 * Hands the frames of one stream to a {@link BoundedReceiver}: it reads while demand is left, and keeps what one read has
 * brought beyond that. Confined to the channel's event loop, but for {@link #request}.
 */
final class FrameReceiver extends ChannelInboundHandlerAdapter implements Subscription {
    private final Deque<ByteBuf> waiting = new ArrayDeque<>();
    private final Receiver receiver;
    private long demand;
    private boolean emitting;
    private volatile ChannelHandlerContext context;

    @SuppressWarnings("NullAway.Init") // the context is there before anything else is called
    FrameReceiver(Reception reception, ElementCounter counter) {
        receiver = new Receiver(reception, counter);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        receiver.onSubscribe(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        waiting.add((ByteBuf) message);
        emit();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readIfWanted();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        receiver.onComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        receiver.onError(cause);
        ctx.close();
    }

    @Override
    public void request(long n) {
        if (context.executor().inEventLoop()) {
            ask(n);
        } else {
            context.executor().execute(() -> ask(n));
        }
    }

    @Override
    public void cancel() {
        context.close();
    }

    private void ask(long n) {
        demand += n;
        if (!emitting) {
            emit();
            readIfWanted();
        }
    }

    private void emit() {
        emitting = true;
        while (demand > 0 && !waiting.isEmpty()) {
            demand--;
            receiver.onNext(waiting.remove());
        }
        emitting = false;
    }

    private void readIfWanted() {
        if (demand > 0) {
            context.read();
        }
    }

    private static final class Receiver extends BoundedReceiver<ByteBuf> {
        private final ElementCounter counter;

        Receiver(Reception reception, ElementCounter counter) {
            super(reception);
            this.counter = counter;
        }

        @Override
        protected void take(ByteBuf element) {
            int first = element.readerIndex();
            int length = element.readableBytes();
            counter.count(length, element.getByte(first), element.getByte(first + length - 1));
            element.release();
        }
    }
}
