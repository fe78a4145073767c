package io.weir.benchmarks.vote;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What Netty gives a competent user: epoll's datagram channels, which read many datagrams in one call and write many in one. The
 * server sends the beginning of each question back, the client asks anew for each answer. There are no rates, no turns and no
 * nonces: the number of the question stands where a nonce would.
 */
final class RawEcho implements Contestant {

    private static final int BATCH = 64;
    private static final int BUFFER_BYTES = 4 << 20;
    private static final int NUMBER_AT = 3;
    private static final long LOST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
    private final int questionBytes;
    private final int answerBytes;
    private final Client client;

    RawEcho(int questionBytes, int answerBytes) throws InterruptedException {
        this.questionBytes = questionBytes;
        this.answerBytes = answerBytes;
        client = new Client((InetSocketAddress) bind(new Server()).localAddress());
        bind(client);
    }

    private Channel bind(ChannelInboundHandlerAdapter handler) throws InterruptedException {
        int largest = Math.max(questionBytes, answerBytes);
        return new Bootstrap()
                .group(loops)
                .channel(EpollDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, BUFFER_BYTES)
                .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, largest)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(largest * BATCH))
                .handler(handler)
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }

    @Override
    public String name() {
        return "raw UDP echo, Netty epoll, recvmmsg and sendmmsg";
    }

    @Override
    public Round play(Duration time) throws InterruptedException {
        try {
            return client.play(time).get(time.toSeconds() + 30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the echo failed", e);
        }
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Server extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            DatagramPacket question = (DatagramPacket) message;
            ByteBuf answer = question.content().slice(0, answerBytes);
            ctx.write(new DatagramPacket(answer, question.sender()), ctx.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }

    private final class Client extends ChannelInboundHandlerAdapter {
        private final InetSocketAddress to;
        private final long[] askedAt = new long[IN_FLIGHT];
        private @Nullable ChannelHandlerContext added;
        private CompletableFuture<Round> round = new CompletableFuture<>();
        private Histogram latencies = new Histogram(3);
        private long startNanos;
        private long endNanos;
        private int open;

        Client(InetSocketAddress to) {
            this.to = to;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            added = ctx;
        }

        private ChannelHandlerContext channel() {
            return Objects.requireNonNull(added, "not part of a channel yet");
        }

        CompletableFuture<Round> play(Duration time) {
            CompletableFuture<Round> done = new CompletableFuture<>();
            channel().executor().execute(() -> {
                round = done;
                latencies = new Histogram(3);
                startNanos = System.nanoTime();
                endNanos = startNanos + time.toNanos();
                open = IN_FLIGHT;
                for (int number = 0; number < IN_FLIGHT; number++) {
                    ask(number);
                }
                channel().flush();
                watch(done);
            });
            return done;
        }

        /** Asks again what was lost. */
        private void watch(CompletableFuture<Round> watched) {
            channel()
                    .executor()
                    .schedule(
                            () -> {
                                if (watched.isDone()) {
                                    return;
                                }
                                for (int number = 0; number < IN_FLIGHT; number++) {
                                    if (askedAt[number] != 0 && System.nanoTime() - askedAt[number] > LOST_NANOS) {
                                        ask(number);
                                    }
                                }
                                channel().flush();
                                watch(watched);
                            },
                            LOST_NANOS,
                            TimeUnit.NANOSECONDS);
        }

        private void ask(int number) {
            ByteBuf question = channel().alloc().directBuffer(questionBytes, questionBytes);
            question.writeZero(questionBytes);
            question.setInt(NUMBER_AT, number);
            askedAt[number] = System.nanoTime();
            channel().write(new DatagramPacket(question, to), channel().voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            DatagramPacket answer = (DatagramPacket) message;
            int number = answer.content().getInt(NUMBER_AT);
            answer.release();
            long now = System.nanoTime();
            if (askedAt[number] == 0) {
                return;
            }
            latencies.recordValue(now - askedAt[number]);
            if (now - endNanos < 0) {
                ask(number);
                return;
            }
            askedAt[number] = 0;
            open--;
            if (open == 0) {
                round.complete(new Round(latencies.getTotalCount(), Duration.ofNanos(now - startNanos), latencies));
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }
}
