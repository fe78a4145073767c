package io.weir.benchmarks.peer.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * Writes length-prefixed elements of some streams, many to a buffer, while the channel is writable, and flushes when
 * it is not. Streams take turns of one batch each.
 *
 * <p>Confined to the channel's event loop. It relies on sources that emit what is requested before {@code request}
 * returns, as {@link io.weir.benchmarks.peer.Elements} does.
 */
public final class BatchingSender extends ChannelInboundHandlerAdapter {
    /** What a competent user gives to one write. */
    public static final int SLAB_BYTES = 64 * 1024;

    private static final int BATCH_BYTES = 16 * 1024;
    private static final int MAX_BATCH = 256;

    private final int slabBytes;
    private final List<Source> sources;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf slab;
    private int turn;
    private boolean pumping;

    /**
     * A sender of these streams; with more than one, each element carries its stream's index.
     *
     * @param slabBytes how many bytes of elements share one write; 0: each element is a write of its own
     */
    public BatchingSender(List<Flux<byte[]>> streams, int slabBytes) {
        this.slabBytes = slabBytes;
        boolean numbered = streams.size() > 1;
        List<Source> subscribed = new ArrayList<>();
        for (int index = 0; index < streams.size(); index++) {
            Source source = new Source(numbered ? index : -1);
            streams.get(index).subscribe(source);
            subscribed.add(source);
        }
        this.sources = List.copyOf(subscribed);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        ctx.executor().execute(this::pump);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        pump();
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        context = null;
        if (slab != null) {
            slab.release();
            slab = null;
        }
    }

    private void pump() {
        ChannelHandlerContext ctx = context;
        if (ctx == null || pumping || !ctx.channel().isActive()) {
            return;
        }
        pumping = true;
        while (ctx.channel().isWritable()) {
            sources.get(turn).requestBatch();
            turn = turn + 1 == sources.size() ? 0 : turn + 1;
        }
        ctx.flush();
        pumping = false;
        if (ctx.channel().isWritable()) {
            // The kernel took everything at once: go on, but let the loop read first.
            ctx.executor().execute(this::pump);
        }
    }

    private void append(int stream, byte[] payload) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        int length = payload.length + (stream < 0 ? 0 : RawTcpPeer.STREAM_BYTES);
        ByteBuf out = slab;
        if (out != null && out.writableBytes() < RawTcpPeer.LENGTH_BYTES + length) {
            ctx.write(out, ctx.voidPromise());
            out = null;
        }
        if (out == null) {
            out = ctx.alloc().directBuffer(Math.max(slabBytes, RawTcpPeer.LENGTH_BYTES + length));
            slab = out;
        }
        out.writeInt(length);
        if (stream >= 0) {
            out.writeInt(stream);
        }
        out.writeBytes(payload);
    }

    /** One stream: how much it asks for in a turn, and where its elements go. */
    private final class Source implements CoreSubscriber<byte[]> {
        private final int stream;
        private @Nullable Subscription subscription;
        private int batch = 1;

        Source(int stream) {
            this.stream = stream;
        }

        void requestBatch() {
            if (subscription != null) {
                subscription.request(batch);
            }
        }

        @Override
        public void onSubscribe(Subscription s) {
            subscription = s;
        }

        @Override
        public void onNext(byte[] payload) {
            batch = Math.max(1, Math.min(MAX_BATCH, BATCH_BYTES / payload.length));
            append(stream, payload);
        }

        @Override
        public void onError(Throwable error) {
            close();
        }

        @Override
        public void onComplete() {
            close();
        }

        private void close() {
            if (context != null) {
                context.close();
            }
        }
    }
}
