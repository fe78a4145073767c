package io.weir.reactive.transport.quic;

import static io.weir.reactive.transport.LinkTestKit.awaitEnd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.weir.Weir;
import io.weir.core.datagram.Drop;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ListenException;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.Vote;
import io.weir.core.integrity.VoteCodec;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.core.wire.Bytes;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerState;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.WantedPeer;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.integrity.IntegrityService;
import io.weir.reactive.transport.FreePort;
import io.weir.reactive.transport.LinkTestKit;
import io.weir.reactive.transport.UdpOptions;
import io.weir.reactive.transport.tcp.TcpTransport;
import io.weir.reactive.transport.tcp.TcpTransports;
import io.weir.reactive.transport.udp.UdpTransports;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** TCP, datagrams and QUIC at one port number, the last two at one socket. */
@Timeout(120)
class SharedPortTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HOST = "127.0.0.1";
    private static final List<String> ALL = List.of(PeerAddress.TCP, PeerAddress.UDP, PeerAddress.QUIC);
    private static final RootSet ROOTS = RootSet.of(List.of(Bytes.copyOf(new byte[RootSet.ROOT_LENGTH])));

    private final List<PeerNode> nodes = new ArrayList<>();

    @AfterEach
    void close() {
        Flux.fromIterable(nodes).concatMap(PeerNode::close).blockLast(PATIENCE);
    }

    private PeerNode started(PeerNodeSpec spec) {
        PeerNode node = spec.startNow(PATIENCE);
        nodes.add(node);
        return node;
    }

    private static PeerNodeSpec serving() {
        return Weir.node()
                .onStream("echo", stream -> stream.send(stream.receive(Codec.bytes()), Codec.bytes()))
                .onRequest("twice", RequestHandler.typed(Codec.utf8(), Codec.utf8(), text -> Mono.just(text + text)))
                .fastPath(VoteCodec.COMMAND, IntegrityService.refreshing(() -> ROOTS, Duration.ofMinutes(1)));
    }

    private PeerNode serverOfAll(PeerNodeSpec spec) {
        return started(spec.listenOnOnePort(HOST, 0, "quic", "tcp", "udp"));
    }

    private static PeerAddress at(PeerNode node, String scheme) {
        return node.addresses().stream()
                .filter(address -> address.scheme().equals(scheme))
                .findFirst()
                .orElseThrow();
    }

    private PeerSession dialled(PeerNode server, String scheme) {
        return started(Weir.node()).connectNow(at(server, scheme), PATIENCE);
    }

    private static String twice(PeerSession session, String text) {
        return Objects.requireNonNull(
                session.request("twice", text, Codec.utf8(), Codec.utf8()).block(PATIENCE));
    }

    private static void awaitVote(PeerNode asking, PeerNode server) {
        assertThat(asking.vote(at(server, PeerAddress.UDP), ROOTS).block(PATIENCE))
                .isEqualTo(Vote.AGREE);
    }

    /** Of each transport a session, with calls and much data at once, and votes between them. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sessionsOverAllThreeAndVotesAreAtOneNumber(boolean preferNative) {
        assumeTrue(!preferNative || Epoll.isAvailable());
        var datagrams = UdpTransports.of(preferNative);
        PeerNode server = serverOfAll(serving().transport(datagrams));
        assertThat(server.addresses()).allMatch(address -> address.port() == server.port());
        assertThat(server.addresses().stream().map(PeerAddress::scheme)).containsExactlyElementsOf(ALL);

        List<PeerSession> sessions =
                ALL.stream().map(scheme -> dialled(server, scheme)).toList();

        assertThat(sessions.stream().map(PeerSession::transport)).containsExactlyElementsOf(ALL);
        PeerNode asking = started(Weir.node());
        byte[] element = new byte[10_000];
        Flux.fromIterable(sessions)
                .flatMap(session -> session.exchange(
                                "echo", Flux.range(0, 200).map(i -> element), Codec.bytes(), Codec.bytes())
                        .count()
                        .doOnNext(count -> assertThat(count).isEqualTo(200)))
                .mergeWith(Flux.range(0, 20)
                        .concatMap(i -> asking.vote(at(server, PeerAddress.UDP), ROOTS))
                        .doOnNext(vote -> assertThat(vote).isEqualTo(Vote.AGREE))
                        .count())
                .blockLast(PATIENCE);
        sessions.forEach(session -> assertThat(twice(session, "a")).isEqualTo("aa"));
        close();
        awaitEnd(datagrams.disposeLater());
    }

    @Test
    void bothFamiliesAreServedAtTheAddressOfAll() {
        PeerNode server = started(serving().listenOnOnePort("::", 0, ALL.toArray(String[]::new)));

        for (String host : List.of("::1", HOST)) {
            PeerSession session = started(Weir.node())
                    .connectNow(PeerAddress.quic(host, server.port()).expecting(server.id()), PATIENCE);
            assertThat(twice(session, host)).isEqualTo(host + host);
        }
    }

    @Test
    void suchANodeDialsOverEachToo() {
        PeerNode here = serverOfAll(serving());

        for (String scheme : ALL) {
            PeerNode there = serverOfAll(serving());
            PeerSession session = here.connectNow(at(there, scheme), PATIENCE);
            assertThat(session.transport()).isEqualTo(scheme);
            assertThat(twice(session, scheme)).isEqualTo(scheme + scheme);
        }
        assertThat(here.droppedDatagrams()).doesNotContainKey(Drop.UNKNOWN_TYPE);
    }

    /** Every first byte, at many lengths: what is QUIC's goes to QUIC, what is nobody's is dropped and counted, and all go on. */
    @Test
    void garbageDisturbsNobody() throws IOException {
        PeerNode server = serverOfAll(serving());
        List<PeerSession> before =
                ALL.stream().map(scheme -> dialled(server, scheme)).toList();
        Random random = new Random(20);
        int ofNobody = 0;

        try (DatagramSocket stranger = new DatagramSocket()) {
            InetSocketAddress to = new InetSocketAddress(HOST, server.port());
            for (int first = 0; first < 256; first++) {
                for (int length : new int[] {1, 2, 21, 1_200}) {
                    byte[] datagram = new byte[length];
                    random.nextBytes(datagram);
                    datagram[0] = (byte) first;
                    stranger.send(new DatagramPacket(datagram, length, to));
                    ofNobody += first >>> 6 == 2 ? 1 : 0;
                }
                if (first % 16 == 0) {
                    awaitVote(nodes.get(1), server); // what came before has been read
                }
            }
        }

        before.forEach(session -> assertThat(twice(session, "b")).isEqualTo("bb"));
        ALL.forEach(scheme -> assertThat(twice(dialled(server, scheme), "c")).isEqualTo("cc"));
        long dropped = ofNobody;
        LinkTestKit.awaitTrue(
                "dropped as unknown", () -> server.droppedDatagrams().getOrDefault(Drop.UNKNOWN_TYPE, 0L) >= dropped);
    }

    @ParameterizedTest
    @ValueSource(strings = {PeerAddress.TCP, PeerAddress.UDP})
    void aNumberThatIsTakenForOneIsForNone(String taken) throws IOException {
        int port = FreePort.ofBoth();
        try (AutoCloseable holder = taken.equals(PeerAddress.TCP) ? FreePort.stream(port) : FreePort.datagrams(port)) {
            assertThat(holder).isNotNull();
            assertThatThrownBy(() -> serving()
                            .listenOnOnePort(HOST, port, ALL.toArray(String[]::new))
                            .startNow(PATIENCE))
                    .isInstanceOfSatisfying(
                            ListenException.class,
                            e -> assertThat(e.reason().error()).isEqualTo(ErrorCode.BIND_FAILED))
                    .hasMessageContaining("quic://" + HOST + ":" + port);
            (taken.equals(PeerAddress.TCP) ? FreePort.datagrams(port) : FreePort.stream(port)).close(); // it is free
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The last of three fails, as where the socket of the datagrams is lent to another node's QUIC. */
    @Test
    void whatQuicCannotShareIsForNone() {
        var datagrams = UdpTransports.of(true);
        var quic = new QuicTransport(1, UdpOptions.defaults(), true);
        try {
            PeerNode first =
                    started(serving().transport(datagrams).transport(quic).listenOnOnePort(HOST, 0, "udp", "quic"));
            assertThatThrownBy(() -> serving()
                            .transport(datagrams)
                            .transport(quic)
                            .listenOnOnePort(HOST, first.port(), ALL.toArray(String[]::new))
                            .startNow(PATIENCE))
                    .isInstanceOf(ListenException.class);
            assertThat(twice(dialled(first, PeerAddress.QUIC), "d")).isEqualTo("dd");
        } finally {
            close();
            awaitEnd(quic.disposeLater());
            awaitEnd(datagrams.disposeLater());
        }
    }

    /** Datagrams have no session any more, and their listener is closed: the socket is QUIC's until its last session has ended. */
    @Test
    void aSessionOfQuicDrainsWhenTheDatagramsHaveDoneWithTheSocket() throws IOException {
        PeerNode server = serverOfAll(serving());
        PeerSession session = dialled(server, PeerAddress.QUIC);
        Sinks.Many<byte[]> values = Sinks.many().unicast().onBackpressureBuffer();
        Sinks.Many<Integer> echoes = Sinks.many().replay().all();
        session.exchange("echo", values.asFlux(), Codec.bytes(), Codec.bytes())
                .map(echo -> echo.length)
                .subscribe(echoes::tryEmitNext, echoes::tryEmitError, echoes::tryEmitComplete);
        values.tryEmitNext(new byte[1]);
        assertThat(echoes.asFlux().next().block(PATIENCE)).isEqualTo(1);

        Mono<Void> shutdown = server.shutdown(PATIENCE).cache();
        shutdown.subscribe();
        awaitEnd(session.onDrain());
        values.tryEmitNext(new byte[2]);
        values.tryEmitComplete();

        assertThat(echoes.asFlux().collectList().block(PATIENCE)).containsExactly(1, 2);
        shutdown.block(PATIENCE);
        assertThat(session.onClose().block(PATIENCE))
                .extracting(CloseReason::error)
                .isEqualTo(ErrorCode.NONE);
        new DatagramSocket(new InetSocketAddress(HOST, port(session))).close();
    }

    private static int port(PeerSession session) {
        return ((InetSocketAddress) session.remoteAddress()).getPort();
    }

    /** The system gives what comes to any of the sockets: QUIC's is handed over to the one that is lent. */
    @Test
    void morePeersThanSocketsMeetQuicAtOneOfThem() {
        assumeTrue(Epoll.isAvailable(), "only Linux spreads senders over the sockets of a port");
        PeerNode server = serverOfAll(serving().udp(UdpOptions.defaults().withSockets(4)));

        List<PeerSession> sessions = IntStream.range(0, 12)
                .mapToObj(i -> dialled(server, i % 3 == 0 ? PeerAddress.UDP : PeerAddress.QUIC))
                .toList();

        for (PeerSession session : sessions) {
            assertThat(Flux.range(0, 20)
                            .flatMap(i -> session.request("twice", "e", Codec.utf8(), Codec.utf8()))
                            .count()
                            .block(PATIENCE))
                    .isEqualTo(20);
        }
        assertThat(server.droppedDatagrams())
                .as("QUIC that Weir took for its own")
                .doesNotContainKey(Drop.UNKNOWN_TYPE);
    }

    /** The way lets no datagrams through: nobody answers to QUIC and UDP at the number at which TCP listens. */
    @Test
    void aPeerThatPrefersQuicFallsBackToTcpAndSaysWhy() throws IOException {
        int port = FreePort.ofBoth();
        PeerNode server = started(serving().listen(PeerAddress.tcp(HOST, port)));
        PeerNode keeper = started(Weir.node()
                .limits(NodeLimits.defaults().withConnectTimeout(Duration.ofMillis(300)))
                .connections(ConnectionPolicy.defaults().withTransports(PeerAddress.QUIC, PeerAddress.UDP)));

        ManagedPeer peer = keeper.peers()
                .add(WantedPeer.of(
                        server.id(),
                        PeerAddress.tcp(HOST, port),
                        PeerAddress.udp(HOST, port),
                        PeerAddress.quic(HOST, port)));

        assertThat(twice(Objects.requireNonNull(peer.session().block(PATIENCE)), "j"))
                .isEqualTo("jj");
        assertThat(peer.state()).isInstanceOfSatisfying(PeerState.Ready.class, ready -> {
            assertThat(ready.session().transport()).isEqualTo(PeerAddress.TCP);
            assertThat(ready.passedOver())
                    .extracting(
                            passed -> passed.address().scheme(),
                            passed -> passed.reason().error())
                    .containsExactly(
                            tuple(PeerAddress.QUIC, ErrorCode.CONNECT_FAILED),
                            tuple(PeerAddress.UDP, ErrorCode.CONNECT_FAILED));
        });
    }

    /** The socket of the datagrams dies, and with it all sessions over it; then that of TCP, whose sessions have sockets of their own. */
    @Test
    void aSocketThatDiesIsBoundAgainForAllThatUsedIt() {
        var datagrams = UdpTransports.of(true);
        var tcp = TcpTransport.create(1);
        List<PeerEvent> events = new CopyOnWriteArrayList<>();
        PeerNode server =
                serverOfAll(serving().transport(datagrams).transport(tcp).onEvent(events::add));
        List<PeerAddress> places = server.addresses();
        List<PeerSession> sessions =
                ALL.stream().map(scheme -> dialled(server, scheme)).toList();

        UdpTransports.breakSockets(datagrams);

        awaitListening(events, 5);
        assertThat(lost(events)).containsExactlyInAnyOrder(places.get(1), places.get(2));
        assertThat(twice(sessions.get(0), "f")).isEqualTo("ff");
        assertThat(server.addresses()).containsExactlyInAnyOrderElementsOf(places);
        ALL.forEach(scheme -> assertThat(twice(dialled(server, scheme), "g")).isEqualTo("gg"));
        awaitVote(nodes.get(1), server);

        TcpTransports.breakListeners(tcp);

        awaitListening(events, 6);
        assertThat(lost(events)).endsWith(places.get(0)).hasSize(3);
        assertThat(twice(sessions.get(0), "h")).isEqualTo("hh");
        ALL.forEach(scheme -> assertThat(twice(dialled(server, scheme), "i")).isEqualTo("ii"));
        close();
        awaitEnd(tcp.disposeLater());
        awaitEnd(datagrams.disposeLater());
    }

    private static void awaitListening(List<PeerEvent> events, int times) {
        LinkTestKit.awaitTrue(
                "bound again",
                () -> events.stream()
                                .filter(PeerEvent.Listening.class::isInstance)
                                .count()
                        == times);
    }

    private static List<PeerAddress> lost(List<PeerEvent> events) {
        return events.stream()
                .filter(PeerEvent.ListeningLost.class::isInstance)
                .map(event -> ((PeerEvent.ListeningLost) event).address())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tcp tcp", "memory", "tcp sctp"})
    void transportsThatCannotBeAtOnePortAreRefused(String schemes) {
        String[] asked = schemes.isEmpty() ? new String[0] : schemes.split(" ");
        assertThatThrownBy(() -> Weir.node().listenOnOnePort(HOST, 0, asked))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schemes are [" + String.join(", ", asked) + "]")
                .hasMessageContaining("[tcp, udp, quic]");
    }
}
