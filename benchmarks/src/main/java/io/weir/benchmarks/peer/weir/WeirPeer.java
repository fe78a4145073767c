package io.weir.benchmarks.peer.weir;

import io.weir.Weir;
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
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Weir over TCP, UDP or QUIC, authenticated and encrypted, in its default configuration: nothing is set but the address and what
 * the peer is named for, and each stream is {@link StreamConfig#reliable()}.
 *
 * <p>The sender's elements are {@link Codec#buffers()}, of one heap buffer, copied once, into the record; the receiver's
 * codec reads them in the opened record and keeps nothing. Demand is {@link BoundedReceiver}'s, and what it has taken
 * becomes credit.
 *
 * <p>Requests are {@code session.request} with the default options; the handler hands the request's payload back.
 */
public final class WeirPeer implements RequestPeer, AutoCloseable {
    private static final String STREAM = "benchmark";
    private static final String ROUTE = "benchmark";
    private static final String NOISE = "Noise XX and AES-256-GCM";
    private static final String HOST = "127.0.0.1";
    private static final Duration TIMEOUT = Duration.ofSeconds(SETUP_SECONDS);

    private final String id;
    private final String description;
    private final PeerNodeSpec spec;
    private final PeerAddress listening;
    private @Nullable PeerNode connecting;

    private WeirPeer(String id, String description, PeerNodeSpec spec, PeerAddress listening) {
        this.id = id;
        this.description = description;
        this.spec = spec;
        this.listening = listening;
    }

    /** Nodes as they are by default, to which the listener and the stream's handler are added. */
    public static Peer ofDefaults() {
        return of("weir", "default configuration", Weir.node());
    }

    /** Nodes of this specification, to which the listener and the stream's handler are added. */
    public static WeirPeer of(String id, String configuration, PeerNodeSpec spec) {
        return at(id, "TCP, " + NOISE, configuration, spec, PeerAddress.tcp(HOST, 0));
    }

    /** The same over datagrams, by the transport that the specification has for them. */
    public static Peer overDatagrams(String id, String configuration, PeerNodeSpec spec) {
        return at(id, "UDP, " + NOISE, configuration, spec, PeerAddress.udp(HOST, 0));
    }

    /** The same over what has that address, as these words say. */
    public static WeirPeer at(String id, String over, String configuration, PeerNodeSpec spec, PeerAddress listening) {
        String description = "Weir over " + over + ", " + configuration;
        return new WeirPeer(id, description, spec, listening);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public void prepare() {
        connecting = spec.startNow(TIMEOUT);
    }

    @Override
    public Server serve(StreamWorkload workload) {
        ByteBuffer payload = ByteBuffer.wrap(Elements.payload(workload.payloadBytes()));
        Flux<ByteBuffer> elements = Elements.flux(() -> payload);
        return bind(spec.onStream(STREAM, stream -> stream.send(elements, Codec.buffers())));
    }

    @Override
    public Client receive(String address, StreamWorkload workload, Reception reception) {
        PeerSession session = connect(address);
        for (int stream = 0; stream < workload.streams(); stream++) {
            session.openStream(StreamId.of(STREAM + stream), StreamOpen.named(STREAM), StreamConfig.reliable())
                    .receive(new Counting(reception.counter(stream)))
                    .subscribe(new Receiver(reception));
        }
        return () -> "";
    }

    @Override
    public Server answer(RequestWorkload workload) {
        return bind(spec.onRequest(ROUTE, request -> Mono.just(request.payload())));
    }

    @Override
    public Client request(String address, RequestWorkload workload, Replies replies) {
        PeerSession session = connect(address);
        for (int slot = 0; slot < workload.inFlight(); slot++) {
            ByteBuffer payload = ByteBuffer.wrap(Requests.payload(slot, workload.payloadBytes()));
            new Requester(session, payload, slot, replies).start();
        }
        return () -> "";
    }

    /** Ends what was connected, at once. */
    @Override
    public void close() {
        PeerNode node = connecting;
        if (node != null) {
            node.dispose();
        }
    }

    private Server bind(PeerNodeSpec answering) {
        PeerNode node = answering.listen(listening).startNow(TIMEOUT);
        String address = node.addresses().get(0).toString();
        return () -> address;
    }

    private PeerSession connect(String address) {
        return Objects.requireNonNull(connecting, "not prepared").connectNow(PeerAddress.parse(address), TIMEOUT);
    }

    private static final class Requester extends RequestSlot<ByteBuffer> {
        private final PeerSession session;
        private final ByteBuffer payload;

        Requester(PeerSession session, ByteBuffer payload, int slot, Replies replies) {
            super(slot, replies);
            this.session = session;
            this.payload = payload;
        }

        @Override
        protected Mono<ByteBuffer> request() {
            return session.request(ROUTE, payload, Codec.buffers(), Codec.buffers());
        }

        @Override
        protected void take(ByteBuffer value, Reply reply) {
            int first = value.position();
            int length = value.remaining();
            reply.arrived(
                    length,
                    value.get(first),
                    value.getInt(first + Requests.SLOT_OFFSET),
                    value.get(first + length - 1));
        }
    }

    /** Reads each element where it lies in its record, as the handlers of the raw peers do, and keeps nothing of it. */
    private static final class Counting implements Codec<Boolean> {
        private final ElementCounter counter;

        Counting(ElementCounter counter) {
            this.counter = counter;
        }

        @Override
        public Boolean decode(ByteBuffer payload) {
            int first = payload.position();
            int length = payload.remaining();
            counter.count(length, payload.get(first), payload.get(first + length - 1));
            return Boolean.TRUE;
        }

        /** Overrides what earlier builds do not have, against which this is compiled too. */
        @SuppressWarnings("MissingOverride")
        public boolean keepsPayload() {
            return false;
        }

        @Override
        public ByteBuffer encode(Boolean value) {
            throw new UnsupportedOperationException("receives only");
        }
    }

    private static final class Receiver extends BoundedReceiver<Boolean> {
        Receiver(Reception reception) {
            super(reception);
        }

        @Override
        protected void take(Boolean counted) {
            // counted where it was read
        }
    }
}
