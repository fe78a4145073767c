package io.weir.samples.cli.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;

/**
 * One connection of TCP as a {@code Flux} in each direction, each of which ends by itself. It reads from the system only what
 * is asked for, and asks for more to write only as the system takes it.
 *
 * <p>Serialisation: confined to the channel's event loop. All methods may be called from any thread.
 */
final class TcpSocket {

    /** An element of this size fills a record of the session exactly and without a remainder. */
    private static final int READ_BYTES = 32 * 1024;

    /** Elements that are asked for and not yet taken by the system, and after how many of them more are asked for. */
    private static final int WRITES_AHEAD = 32;

    private static final int WRITES_TOGETHER = 8;

    private final SocketChannel channel;
    private final Input input = new Input();

    private TcpSocket(SocketChannel channel) {
        this.channel = channel;
    }

    /** The socket of a channel that is being initialised. Nothing is read before it is asked for. */
    static TcpSocket install(SocketChannel channel) {
        channel.config()
                .setAutoRead(false)
                .setAllowHalfClosure(true)
                .setTcpNoDelay(true)
                .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(1));
        TcpSocket socket = new TcpSocket(channel);
        channel.pipeline().addLast(socket.input);
        return socket;
    }

    /** What comes in, until the other end says that there is no more. For one subscriber; cancelling it stops reading. */
    Flux<ByteBuffer> input() {
        return Flux.from(subscriber -> onLoop(() -> input.subscribe(Operators.toCoreSubscriber(subscriber))));
    }

    /** Writes all of it, then ends this direction. Completes when the system has it all; cancelling leaves the rest out. */
    Mono<Void> output(Flux<ByteBuffer> source) {
        return Mono.create(done -> {
            Output output = new Output(done);
            done.onDispose(output);
            source.subscribe(output);
        });
    }

    /** Both directions are over. */
    void close() {
        channel.close();
    }

    /** Breaks it off, so that the other end does not take what it has for the whole. */
    void reset() {
        onLoop(() -> {
            if (channel.isOpen()) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
            }
            channel.close();
        });
    }

    private void onLoop(Runnable action) {
        if (channel.eventLoop().inEventLoop()) {
            action.run();
        } else {
            channel.eventLoop().execute(action);
        }
    }

    /** Reads by demand. Netty may read once unasked, when the other end hangs up: that waits. */
    private final class Input extends ChannelInboundHandlerAdapter implements Subscription {
        private final Deque<ByteBuffer> early = new ArrayDeque<>(0);
        private @Nullable CoreSubscriber<? super ByteBuffer> subscriber;
        private long demand;
        private boolean reading;
        private boolean delivering;
        private boolean ended;
        private @Nullable Throwable failure;

        void subscribe(CoreSubscriber<? super ByteBuffer> actual) {
            if (subscriber != null) {
                Operators.error(actual, new IllegalStateException("the input of a connection has one subscriber"));
                return;
            }
            subscriber = actual;
            actual.onSubscribe(this);
            deliver();
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                onLoop(() -> {
                    demand = Operators.addCap(demand, n);
                    deliver();
                });
            }
        }

        @Override
        public void cancel() {
            onLoop(() -> {
                ended = true;
                subscriber = null;
                early.clear();
            });
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            try {
                byte[] copy = new byte[bytes.readableBytes()];
                bytes.readBytes(copy);
                early.add(ByteBuffer.wrap(copy));
            } finally {
                bytes.release();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            reading = false;
            deliver();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                end(null);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            end(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            end(new ClosedChannelException());
        }

        private void end(@Nullable Throwable cause) {
            if (!ended) {
                ended = true;
                failure = cause;
                deliver();
            }
        }

        private void deliver() {
            if (delivering) {
                return;
            }
            delivering = true;
            while (demand > 0 && subscriber != null && !early.isEmpty()) {
                demand--;
                subscriber.onNext(early.remove());
            }
            delivering = false;
            if (subscriber == null) {
                return;
            }
            if (ended && early.isEmpty()) {
                CoreSubscriber<? super ByteBuffer> last = subscriber;
                subscriber = null;
                if (failure == null) {
                    last.onComplete();
                } else {
                    last.onError(failure);
                }
            } else if (demand > 0 && !ended && !reading) {
                reading = true;
                channel.read();
            }
        }
    }

    /** Asks for as much as the system takes. */
    private final class Output extends BaseSubscriber<ByteBuffer> {
        private final MonoSink<Void> done;
        private int taken;
        private boolean flushing;

        Output(MonoSink<Void> done) {
            this.done = done;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(WRITES_AHEAD);
        }

        @Override
        protected void hookOnNext(ByteBuffer element) {
            onLoop(() -> write(element));
        }

        @Override
        protected void hookOnComplete() {
            onLoop(() -> channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
                if (written.isSuccess()) {
                    channel.shutdownOutput().addListener(ended -> end(ended.cause()));
                } else {
                    end(written.cause());
                }
            }));
        }

        @Override
        protected void hookOnError(Throwable error) {
            done.error(error);
        }

        private void write(ByteBuffer element) {
            ChannelFuture written = channel.write(Unpooled.wrappedBuffer(element));
            written.addListener(future -> written(future.cause()));
            if (!flushing) {
                // One call of the system for all that comes in a burst.
                flushing = true;
                channel.eventLoop().execute(() -> {
                    flushing = false;
                    channel.flush();
                });
            }
        }

        private void written(@Nullable Throwable failure) {
            if (failure != null) {
                cancel();
                done.error(failure);
            } else if (++taken == WRITES_TOGETHER) {
                taken = 0;
                request(WRITES_TOGETHER);
            }
        }

        private void end(@Nullable Throwable failure) {
            // A connection that its other end has closed meanwhile has nothing more to end.
            if (failure == null || failure instanceof IOException && !channel.isOpen()) {
                done.success();
            } else {
                done.error(failure);
            }
        }
    }

    /** What it is, for people. */
    @Override
    public String toString() {
        InetSocketAddress remote = channel.remoteAddress();
        return remote == null ? "a connection" : NetUtil.toSocketAddressString(remote);
    }
}
