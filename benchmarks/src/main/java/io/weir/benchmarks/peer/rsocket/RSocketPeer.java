package io.weir.benchmarks.peer.rsocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.core.RSocketConnector;
import io.rsocket.core.RSocketServer;
import io.rsocket.frame.decoder.PayloadDecoder;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.transport.netty.server.TcpServerTransport;
import io.rsocket.util.ByteBufPayload;
import io.rsocket.util.EmptyPayload;
import io.weir.benchmarks.peer.BoundedReceiver;
import io.weir.benchmarks.peer.ElementCounter;
import io.weir.benchmarks.peer.Elements;
import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.Reception;
import io.weir.benchmarks.peer.Replies;
import io.weir.benchmarks.peer.RequestPeer;
import io.weir.benchmarks.peer.RequestSlot;
import io.weir.benchmarks.peer.RequestWorkload;
import io.weir.benchmarks.peer.Requests;
import io.weir.benchmarks.peer.StreamWorkload;
import io.weir.benchmarks.peer.netty.TcpAddress;
import io.weir.benchmarks.peer.netty.TcpWarmUp;
import io.weir.benchmarks.peer.netty.Tls;
import io.weir.benchmarks.peer.netty.TlsOffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/**
 * RSocket over TCP, plain or over {@link Tls}: one request-stream for each stream of the workload, one
 * request-response for each request.
 *
 * <p>Set up for speed as its documentation says: both ends use the zero-copy payload decoder; the sender wraps a
 * retained view of one direct buffer in a pooled payload; the receiver reads the payload in place and releases it.
 * Demand is {@link BoundedReceiver}'s, which becomes REQUEST_N frames. A responder hands the request's payload back.
 */
public final class RSocketPeer implements RequestPeer {
    private static final Duration TIMEOUT = Duration.ofSeconds(SETUP_SECONDS);

    private final boolean secure;

    private RSocketPeer(boolean secure) {
        this.secure = secure;
    }

    /** The plain one. */
    public static Peer plain() {
        return new RSocketPeer(false);
    }

    /** The one over TLS 1.3. */
    public static Peer tls() {
        return new RSocketPeer(true);
    }

    @Override
    public String id() {
        return secure ? "rsocket-tls" : "rsocket";
    }

    @Override
    public String description() {
        return "RSocket TCP request-stream and request-response, zero-copy decoder"
                + (secure ? ", TLS 1.3 by netty-tcnative (BoringSSL)" : ", plain");
    }

    @Override
    public Server serve(StreamWorkload workload) {
        ByteBuf payload = direct(Elements.payload(workload.payloadBytes()));
        Flux<Payload> elements = Elements.flux(() -> ByteBufPayload.create(payload.retainedDuplicate()));
        return bind(SocketAcceptor.forRequestStream(request -> {
            request.release();
            return elements;
        }));
    }

    @Override
    public Client receive(String address, StreamWorkload workload, Reception reception) {
        AtomicReference<String> negotiated = new AtomicReference<>("");
        RSocket rsocket = connect(address, negotiated);
        for (int stream = 0; stream < workload.streams(); stream++) {
            rsocket.requestStream(EmptyPayload.INSTANCE).subscribe(new Receiver(reception.counter(stream), reception));
        }
        return negotiated::get;
    }

    @Override
    public Server answer(RequestWorkload workload) {
        return bind(SocketAcceptor.forRequestResponse(Mono::just));
    }

    @Override
    public Client request(String address, RequestWorkload workload, Replies replies) {
        AtomicReference<String> negotiated = new AtomicReference<>("");
        RSocket rsocket = connect(address, negotiated);
        for (int slot = 0; slot < workload.inFlight(); slot++) {
            new Requester(rsocket, direct(Requests.payload(slot, workload.payloadBytes())), slot, replies).start();
        }
        return negotiated::get;
    }

    @Override
    public void prepare() {
        TcpWarmUp.run(secure, TIMEOUT);
    }

    private Server bind(SocketAcceptor acceptor) {
        TcpServer server = TcpServer.create().host(TcpAddress.HOST).port(0);
        Optional<Tls.ServerIdentity> identity =
                secure ? Optional.of(Tls.newServer(TlsOffer.TLS_1_3)) : Optional.empty();
        if (identity.isPresent()) {
            server = server.secure(spec -> spec.sslContext(identity.get().context()));
        }
        CloseableChannel bound = RSocketServer.create(acceptor)
                .payloadDecoder(PayloadDecoder.ZERO_COPY)
                .bind(TcpServerTransport.create(server))
                .blockOptional(TIMEOUT)
                .orElseThrow();
        String address = TcpAddress.of(
                        bound.address(),
                        identity.map(Tls.ServerIdentity::fingerprint).orElse(""))
                .toString();
        return () -> address;
    }

    private RSocket connect(String address, AtomicReference<String> negotiated) {
        TcpAddress target = TcpAddress.parse(address);
        TcpClient client = TcpClient.create()
                .host(TcpAddress.HOST)
                .port(target.port())
                .doOnConnected(connection -> negotiated.set(TcpAddress.negotiated(connection.channel())));
        if (secure) {
            client = client.secure(spec -> spec.sslContext(Tls.client(target.fingerprint(), TlsOffer.TLS_1_3)));
        }
        return RSocketConnector.create()
                .payloadDecoder(PayloadDecoder.ZERO_COPY)
                .connect(TcpClientTransport.create(client))
                .blockOptional(TIMEOUT)
                .orElseThrow();
    }

    private static ByteBuf direct(byte[] payload) {
        return Unpooled.directBuffer(payload.length).writeBytes(payload);
    }

    private static final class Requester extends RequestSlot<Payload> {
        private final RSocket rsocket;
        private final ByteBuf payload;

        Requester(RSocket rsocket, ByteBuf payload, int slot, Replies replies) {
            super(slot, replies);
            this.rsocket = rsocket;
            this.payload = payload;
        }

        @Override
        protected Mono<Payload> request() {
            return rsocket.requestResponse(ByteBufPayload.create(payload.retainedDuplicate()));
        }

        @Override
        protected void take(Payload value, Reply reply) {
            ByteBuf data = value.data();
            int first = data.readerIndex();
            int length = data.readableBytes();
            reply.arrived(
                    length,
                    data.getByte(first),
                    data.getInt(first + Requests.SLOT_OFFSET),
                    data.getByte(first + length - 1));
            value.release();
        }
    }

    private static final class Receiver extends BoundedReceiver<Payload> {
        private final ElementCounter counter;

        Receiver(ElementCounter counter, Reception reception) {
            super(reception);
            this.counter = counter;
        }

        @Override
        protected void take(Payload element) {
            ByteBuf data = element.data();
            int first = data.readerIndex();
            int length = data.readableBytes();
            counter.count(length, data.getByte(first), data.getByte(first + length - 1));
            element.release();
        }
    }
}
