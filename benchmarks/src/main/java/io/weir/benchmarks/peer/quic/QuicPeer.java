package io.weir.benchmarks.peer.quic;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.weir.benchmarks.peer.Elements;
import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.Reception;
import io.weir.benchmarks.peer.Replies;
import io.weir.benchmarks.peer.RequestPeer;
import io.weir.benchmarks.peer.RequestWorkload;
import io.weir.benchmarks.peer.StreamWorkload;
import io.weir.benchmarks.peer.netty.AnsweringHandler;
import io.weir.benchmarks.peer.netty.BatchingSender;
import io.weir.benchmarks.peer.netty.FrameBatch;
import io.weir.benchmarks.peer.netty.RawTcpPeer;
import io.weir.benchmarks.peer.netty.RequestingHandler;
import io.weir.benchmarks.peer.netty.Tls;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a competent user of Netty's QUIC gets: one connection, a QUIC stream for each stream of the workload, each element
 * behind a 4-byte length, as the raw TCP peer has it, by the same handlers. TLS 1.3 by BoringSSL, with the server's
 * certificate verified, CUBIC, and {@link QuicEndpoint} for sockets and limits.
 *
 * <p>Elements come from {@link BatchingSender}, which stops at the stream's writability; a receiver reads a stream while
 * demand is left. Requests are pipelined in one stream and answered in their order.
 */
public final class QuicPeer implements RequestPeer {
    private final String id;
    private final QuicSize size;
    private @Nullable QuicEndpoint connecting;

    private QuicPeer(String id, QuicSize size) {
        this.id = id;
        this.size = size;
    }

    /** Netty's defaults: 1,200 bytes, each datagram sent by itself. */
    public static Peer plain() {
        return new QuicPeer("quic", new QuicSize(1_200, 1));
    }

    /** With segmentation offload, at about the size that fits Ethernet. */
    public static Peer offload() {
        return new QuicPeer("quic-gso", new QuicSize(1_400, 40));
    }

    /** With segmentation offload and datagrams that only loopback or jumbo frames carry. */
    public static Peer large() {
        return new QuicPeer("quic-8k", new QuicSize(8_192, 7));
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String description() {
        return "Netty QUIC (quiche) over epoll, TLS 1.3 by BoringSSL, CUBIC, " + size.words();
    }

    @Override
    public void prepare() {
        connecting = QuicEndpoint.open(size);
    }

    @Override
    public Server serve(StreamWorkload workload) {
        byte[] payload = Elements.payload(workload.payloadBytes());
        return bind(stream -> stream.pipeline()
                .addLast(new BatchingSender(List.of(Elements.flux(() -> payload)), BatchingSender.SLAB_BYTES))
                .addLast(new Ignoring()));
    }

    @Override
    public Client receive(String address, StreamWorkload workload, Reception reception) {
        QuicChannel connection = connect(address, reception::failed);
        for (int stream = 0; stream < workload.streams(); stream++) {
            FrameReceiver receiver = new FrameReceiver(reception, reception.counter(stream));
            open(connection, decoded -> decoded.pipeline().addLast(receiver));
        }
        return client(connection);
    }

    @Override
    public Server answer(RequestWorkload workload) {
        return bind(stream -> stream.pipeline()
                .addLast(RawTcpPeer.decoder())
                .addLast(new Greeted())
                .addLast(new AnsweringHandler(new FrameBatch(true))));
    }

    @Override
    public Client request(String address, RequestWorkload workload, Replies replies) {
        QuicChannel connection = connect(address, replies::failed);
        open(
                connection,
                decoded -> decoded.pipeline().addLast(new RequestingHandler(workload, new FrameBatch(true), replies)));
        return client(connection);
    }

    private Server bind(Consumer<Channel> onStream) {
        QuicEndpoint endpoint = QuicEndpoint.open(size);
        String address = endpoint.listen(initializer(onStream));
        return () -> address;
    }

    private QuicChannel connect(String address, Consumer<Throwable> onEnd) {
        QuicEndpoint endpoint = connecting == null ? QuicEndpoint.open(size) : connecting;
        QuicChannel connection = endpoint.connect(address);
        connection.closeFuture().addListener(closed -> onEnd.accept(new IllegalStateException("the connection ended")));
        return connection;
    }

    /** A stream exists for the peer once something has come in it: an empty frame. */
    private static void open(QuicChannel connection, Consumer<Channel> onDecoded) {
        QuicStreamChannel stream = await(connection.createStream(
                QuicStreamType.BIDIRECTIONAL,
                initializer(opened -> opened.pipeline().addLast(RawTcpPeer.decoder()))));
        stream.config().setAutoRead(false);
        stream.writeAndFlush(Unpooled.buffer(RawTcpPeer.LENGTH_BYTES).writeInt(0));
        stream.eventLoop().execute(() -> onDecoded.accept(stream));
    }

    static <T> T await(Future<T> future) {
        if (!future.awaitUninterruptibly(SETUP_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("took longer than " + SETUP_SECONDS + " s");
        }
        if (!future.isSuccess()) {
            throw new IllegalStateException(future.cause());
        }
        return future.getNow();
    }

    private static Client client(QuicChannel connection) {
        String negotiated = Tls.negotiated(connection.sslEngine());
        return () -> negotiated;
    }

    private static ChannelHandler initializer(Consumer<Channel> onChannel) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                onChannel.accept(channel);
            }
        };
    }

    /** The end of the pipeline of who only sends. */
    private static final class Ignoring extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }
    }

    /** Takes the empty frame with which a stream begins, and leaves. */
    private static final class Greeted extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
            ctx.pipeline().remove(this);
        }
    }
}
