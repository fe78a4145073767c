package io.weir.benchmarks.peer.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.weir.benchmarks.peer.BoundedReceiver;
import io.weir.benchmarks.peer.Elements;
import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.Reception;
import io.weir.benchmarks.peer.Replies;
import io.weir.benchmarks.peer.RequestPeer;
import io.weir.benchmarks.peer.RequestWorkload;
import io.weir.benchmarks.peer.StreamWorkload;
import io.weir.benchmarks.peer.Workload;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/**
 * What a competent user of Reactor Netty gets without a protocol: TCP, each element behind a 4-byte length, plain or
 * over {@link Tls}.
 *
 * <p>The sender's elements are the one byte array, copied once, into pooled direct buffers of many elements each
 * ({@link BatchingSender}); it stops at the channel's writability, with water marks of 128 and 256 KiB.
 * The receiver is Netty's {@link LengthFieldBasedFrameDecoder}, which hands out slices, below {@code receive()} with
 * bounded demand. With several streams each element has a 4-byte stream number behind its length; there is no credit
 * for each stream, so demand is the connection's: one slow stream would stall all.
 *
 * <p>Requests are pipelined and answered in their order, by handlers in the pipeline at both ends. What one read allows
 * to be sent goes out together ({@link FrameBatch}): in one pooled buffer, or as one write each, and one flush.
 */
public final class RawTcpPeer implements RequestPeer {
    /** Element header of a single stream. */
    public static final int LENGTH_BYTES = 4;

    /** What several streams add to it. */
    static final int STREAM_BYTES = 4;

    private static final int MAX_FRAME = 1 << 24;
    private static final WriteBufferWaterMark WATER_MARKS = new WriteBufferWaterMark(128 * 1024, 256 * 1024);
    private static final Duration TIMEOUT = Duration.ofSeconds(SETUP_SECONDS);

    private final String id;
    private final Optional<TlsOffer> tls;
    private final boolean batching;

    private RawTcpPeer(String id, Optional<TlsOffer> tls, boolean batching) {
        this.id = id;
        this.tls = tls;
        this.batching = batching;
    }

    /** The plain one. */
    public static Peer plain() {
        return new RawTcpPeer("raw", Optional.empty(), true);
    }

    /** The one over TLS 1.3. */
    public static Peer tls() {
        return new RawTcpPeer("raw-tls", Optional.of(TlsOffer.TLS_1_3), true);
    }

    /** The one over TLS with AES-256, the key length that Weir has. */
    public static Peer tls256() {
        return new RawTcpPeer("raw-tls-256", Optional.of(TlsOffer.AES_256), true);
    }

    /** The one over TLS 1.3 whose every element is a write of its own, as {@code out.send(elements)} does it. */
    public static Peer tlsEach() {
        return new RawTcpPeer("raw-tls-each", Optional.of(TlsOffer.TLS_1_3), false);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String description() {
        return "Reactor Netty TCP, 4-byte length prefix, "
                + (batching ? "many elements per write" : "one write per element")
                + ", " + tls.map(TlsOffer::words).orElse("plain");
    }

    @Override
    public boolean runs(Workload workload) {
        // A single request in flight is a write of its own anyhow.
        return batching || !(workload instanceof RequestWorkload requests) || requests.inFlight() > 1;
    }

    @Override
    public Server serve(StreamWorkload workload) {
        return bind(connection -> connection.addHandlerLast(sender(workload)));
    }

    @Override
    public Client receive(String address, StreamWorkload workload, Reception reception) {
        Connection connection = connect(address, decoded -> {});
        connection.inbound().receive().subscribe(new Receiver(workload, reception));
        return client(connection);
    }

    @Override
    public Server answer(RequestWorkload workload) {
        return bind(connection ->
                connection.addHandlerLast(decoder()).addHandlerLast(new AnsweringHandler(new FrameBatch(batching))));
    }

    @Override
    public Client request(String address, RequestWorkload workload, Replies replies) {
        ChannelHandler requesting = new RequestingHandler(workload, new FrameBatch(batching), replies);
        return client(connect(address, decoded -> decoded.addHandlerLast(requesting)));
    }

    private Server bind(Consumer<Connection> onConnection) {
        TcpServer server = TcpServer.create()
                .host(TcpAddress.HOST)
                .port(0)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS);
        Optional<Tls.ServerIdentity> identity = tls.map(Tls::newServer);
        if (identity.isPresent()) {
            server = server.secure(spec -> spec.sslContext(identity.get().context()));
        }
        DisposableServer bound = server.handle((in, out) -> {
                    in.withConnection(onConnection);
                    return out.then(Mono.never());
                })
                .bindNow(TIMEOUT);
        String address = TcpAddress.of(
                        bound.address(),
                        identity.map(Tls.ServerIdentity::fingerprint).orElse(""))
                .toString();
        return () -> address;
    }

    @Override
    public void prepare() {
        TcpWarmUp.run(tls.isPresent(), TIMEOUT);
    }

    private Connection connect(String address, Consumer<Connection> onDecoded) {
        TcpAddress target = TcpAddress.parse(address);
        TcpClient client = TcpClient.create().host(TcpAddress.HOST).port(target.port());
        if (tls.isPresent()) {
            client = client.secure(spec -> spec.sslContext(Tls.client(target.fingerprint(), tls.get())));
        }
        return client.doOnConnected(connection -> onDecoded.accept(connection.addHandlerLast(decoder())))
                .connectNow(TIMEOUT);
    }

    private static Client client(Connection connection) {
        String negotiated = TcpAddress.negotiated(connection.channel());
        return () -> negotiated;
    }

    /** Takes elements of a single stream, or what several add to them, out of the bytes that come. */
    public static ChannelHandler decoder() {
        return new LengthFieldBasedFrameDecoder(MAX_FRAME, 0, LENGTH_BYTES, 0, LENGTH_BYTES);
    }

    private BatchingSender sender(StreamWorkload workload) {
        byte[] payload = Elements.payload(workload.payloadBytes());
        Flux<byte[]> elements = Elements.flux(() -> payload);
        return new BatchingSender(
                Collections.nCopies(workload.streams(), elements), batching ? BatchingSender.SLAB_BYTES : 0);
    }

    private static final class Receiver extends BoundedReceiver<ByteBuf> {
        private final boolean numbered;
        private final Reception reception;

        Receiver(StreamWorkload workload, Reception reception) {
            super(reception);
            this.numbered = workload.streams() > 1;
            this.reception = reception;
        }

        @Override
        protected void take(ByteBuf element) {
            int stream = numbered ? element.readInt() : 0;
            int first = element.readerIndex();
            int length = element.readableBytes();
            reception.counter(stream).count(length, element.getByte(first), element.getByte(first + length - 1));
        }
    }
}
