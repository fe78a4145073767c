package io.weir.reactive.transport.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.weir.reactive.transport.AbstractLink;
import io.weir.reactive.transport.netty.NettyLoop;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection. Its handler is the first of the channel's pipeline, so that a chunk read goes straight to the
 * subscriber and a record straight to the socket; Reactor Netty's own handler behind it sees no data.
 *
 * <p>Serialisation: confined to the channel's event loop, on which the link stays for life.
 */
final class TcpLink extends AbstractLink {

    private static final AttributeKey<TcpLink> LINK = AttributeKey.valueOf(TcpLink.class, "link");

    private final Channel channel;

    /** What Netty read on its own before anybody asked, as it does when the peer hangs up. At most a receive buffer. */
    private final Deque<ByteBuf> early = new ArrayDeque<>(0);

    private boolean reading;
    private boolean peerEnded;
    private boolean insideRead;
    private boolean flushAfterRead;

    private TcpLink(Channel channel) {
        super(NettyLoop.of(channel.eventLoop()));
        this.channel = channel;
    }

    /**
     * Makes the link of a channel that is being initialised.
     *
     * @param onActive called on the event loop when the connection stands, before anything is read; null for a dialled
     *     channel, whose dialler is told by Reactor Netty
     */
    static TcpLink install(Channel channel, @Nullable Consumer<TcpLink> onActive) {
        TcpLink link = new TcpLink(channel);
        channel.pipeline().addFirst("weir.link", link.new Handler(onActive));
        channel.attr(LINK).set(link);
        return link;
    }

    /** Closes by a later task: a channel that is being initialised must not be closed inside that. */
    void closeLater() {
        loop().execute(this::close);
    }

    /** The link that {@link #install} made for a channel. */
    static TcpLink of(Channel channel) {
        return Objects.requireNonNull(channel.attr(LINK).get());
    }

    /** For tests: what it runs on. */
    Channel channel() {
        return channel;
    }

    @Override
    public SocketAddress remoteAddress() {
        return channel.remoteAddress();
    }

    @Override
    public SocketAddress localAddress() {
        return channel.localAddress();
    }

    @Override
    public boolean writable() {
        return channel.isWritable();
    }

    @Override
    protected void startReading() {
        reading = true;
        if (early.isEmpty() && !peerEnded) {
            channel.config().setAutoRead(true);
        } else {
            loop().execute(this::deliverEarly);
        }
    }

    @Override
    protected void write(ByteBuffer record) {
        int length = record.remaining();
        ByteBuf copy = channel.alloc().directBuffer(length, length);
        copy.writeBytes(record);
        channel.write(copy, channel.voidPromise());
    }

    /** Inside a read the flush waits for its end: one chunk may set off many answers, and one call sends them all. */
    @Override
    protected void flush() {
        if (insideRead) {
            flushAfterRead = true;
        } else {
            channel.flush();
        }
    }

    @Override
    protected void flushThen(Runnable whenFlushed) {
        channel.write(Unpooled.EMPTY_BUFFER).addListener(future -> {
            if (future.isSuccess()) {
                whenFlushed.run();
            }
        });
        flush();
    }

    @Override
    protected void endOutput() {
        flushThen(() -> {
            if (!isEnded()) {
                ((DuplexChannel) channel).shutdownOutput().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
            }
        });
    }

    @Override
    protected void release() {
        releaseEarly();
        channel.close();
    }

    @Override
    public String toString() {
        return "TcpLink " + channel;
    }

    private void deliverEarly() {
        while (!early.isEmpty() && !isEnded()) {
            deliver(early.poll());
        }
        if (isEnded()) {
            return;
        }
        if (peerEnded) {
            inputEnded();
        } else {
            channel.config().setAutoRead(true);
        }
    }

    private void deliver(ByteBuf chunk) {
        insideRead = true;
        try {
            received(chunk.internalNioBuffer(chunk.readerIndex(), chunk.readableBytes()));
        } finally {
            chunk.release();
            insideRead = false;
            if (flushAfterRead) {
                flushAfterRead = false;
                channel.flush();
            }
        }
    }

    private void releaseEarly() {
        while (!early.isEmpty()) {
            early.poll().release();
        }
    }

    /** Translates the channel's events. Nothing of them but its activity and its end is passed on. */
    private final class Handler extends ChannelInboundHandlerAdapter {

        private final @Nullable Consumer<TcpLink> onActive;

        Handler(@Nullable Consumer<TcpLink> onActive) {
            this.onActive = onActive;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (onActive == null) {
                ctx.fireChannelActive();
            } else {
                onActive.accept(TcpLink.this);
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (!(message instanceof ByteBuf chunk) || isEnded()) {
                ReferenceCountUtil.release(message);
            } else if (!reading || !early.isEmpty()) {
                early.add(chunk);
            } else {
                deliver(chunk);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            // Reading goes on by itself; there is nobody behind this handler who would wait for this.
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (channel.isWritable() && !isEnded()) {
                becameWritable();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                peerEnded = true;
                if (reading && early.isEmpty()) {
                    inputEnded();
                }
            } else if (!(event instanceof ChannelInputShutdownReadComplete)) {
                ctx.fireUserEventTriggered(event);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            lost(cause instanceof IOException io ? io : new IOException("the link failed", cause));
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (onActive == null) {
                ctx.fireChannelInactive();
            }
        }

        /** The last event of every channel, also of one that never became active. */
        @Override
        public void channelUnregistered(ChannelHandlerContext ctx) {
            releaseEarly();
            released();
            ctx.fireChannelUnregistered();
        }
    }
}
