package io.weir.test.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ListenException;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.WeirException;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.SessionFrame;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.WantedPeer;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.SimulatedNetwork;
import io.weir.test.rogue.RogueFrames;
import io.weir.test.rogue.RoguePeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Each kind of failure says what it is about: the address, or stream, request or message with session and peer. */
class FailureTextsTest {

    private static final Codec<String> BROKEN = Codec.of(
            value -> {
                throw new IllegalStateException("cannot encode");
            },
            payload -> {
                throw new IllegalStateException("cannot decode");
            });

    private final SimulatedNetwork network = SimulatedNetwork.seeded(24);
    private final List<PeerEvent> events = new ArrayList<>();
    private PeerNode server;
    private PeerNode client;
    private PeerSession session;

    @BeforeEach
    void connect() {
        server = started(network.listener("server")
                .onEvent(events::add)
                .onRequest("slow", request -> Mono.never())
                .onStream("failing", stream -> stream.send(Flux.error(new IllegalStateException()), Codec.utf8()))
                .onStream("words", stream -> stream.send(Flux.just("word"), Codec.utf8()))
                .onStream("sink", stream -> stream.receive(Codec.utf8()).then()));
        client = started(network.node("client"));
        AtomicReference<PeerSession> connected = new AtomicReference<>();
        client.connect(network.address("server")).subscribe(connected::set);
        network.settle();
        session = Objects.requireNonNull(connected.get());
    }

    private PeerNode started(PeerNodeSpec spec) {
        AtomicReference<PeerNode> started = new AtomicReference<>();
        spec.start().subscribe(started::set);
        network.settle();
        return Objects.requireNonNull(started.get());
    }

    @AfterEach
    void close() {
        client.dispose();
        server.dispose();
        network.advance(Duration.ofSeconds(2));
        network.close();
    }

    /** Something that fails for a client with a session, with which code, and what its text must hold besides. */
    private record Kind(
            String what, ErrorCode code, Function<FailureTextsTest, Publisher<?>> failing, String... subject) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Kind dial(String what, ErrorCode code, String address, String... subject) {
        return new Kind(what, code, test -> test.client.connect(PeerAddress.parse(address)), subject);
    }

    private static Kind on(String what, ErrorCode code, Function<PeerSession, Publisher<?>> failing, String name) {
        return new Kind(what, code, test -> failing.apply(test.session), '"' + name + '"');
    }

    static Stream<Kind> dials() {
        return Stream.of(
                dial("nobody there", ErrorCode.CONNECT_FAILED, "memory://nobody", "memory://nobody", "nobody listens"),
                dial(
                        "port 0",
                        ErrorCode.ADDRESS_UNUSABLE,
                        "tcp://[::1]:0",
                        "tcp://[::1]:0",
                        "port is 0, must be 1..65535"),
                dial("no such scheme", ErrorCode.ADDRESS_UNUSABLE, "sctp://[::1]:7", "sctp://[::1]:7", "no transport"),
                new Kind(
                        "its own key",
                        ErrorCode.SELF_CONNECT,
                        test -> test.client.connect(
                                test.network.address("server").expecting(test.client.id())),
                        "memory://server#",
                        "this node itself"),
                new Kind(
                        "somebody else",
                        ErrorCode.IDENTITY_MISMATCH,
                        test -> test.client.connect(test.network
                                .address("server")
                                .expecting(test.network.identity("other").peerId())),
                        "memory://server#",
                        "the peer is "),
                new Kind(
                        "a wanted peer that was given up",
                        ErrorCode.CONNECT_FAILED,
                        test -> test.client
                                .peers()
                                .add(WantedPeer.at(PeerAddress.memory("nobody"))
                                        .withPolicy(ConnectionPolicy.defaults().withMaxAttempts(1)))
                                .session(),
                        "wanted peer [memory://nobody]"));
    }

    static Stream<Kind> uses() {
        Codec<String> text = Codec.utf8();
        String large = "x".repeat(17 << 20);
        return Stream.of(
                on("no handler", ErrorCode.NO_HANDLER, s -> s.request("quotes", "", text, text), "quotes"),
                on("no answer", ErrorCode.REQUEST_TIMEOUT, s -> s.request("slow", "", text, text), "slow"),
                on("too large a request", ErrorCode.PAYLOAD_TOO_LARGE, s -> s.request("big", large, text, text), "big"),
                on("too large a message", ErrorCode.PAYLOAD_TOO_LARGE, s -> s.send("note", large, text), "note"),
                on(
                        "no such stream",
                        ErrorCode.UNCLAIMED,
                        s -> stream(s, "nothing").receive(text),
                        "nothing"),
                on(
                        "a publisher",
                        ErrorCode.APPLICATION_ERROR,
                        s -> stream(s, "failing").receive(text),
                        "failing"),
                on("a decoder", ErrorCode.DECODE_FAILED, s -> stream(s, "words").receive(BROKEN), "words"),
                on("an encoder", ErrorCode.ENCODE_FAILED, s -> stream(s, "sink").send(Flux.just("1"), BROKEN), "sink"),
                on(
                        "an offer",
                        ErrorCode.ENCODE_FAILED,
                        s -> Mono.fromCallable(() -> stream(s, "sink").trySend("1", BROKEN)),
                        "sink"),
                on(
                        "too large an element",
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        s -> stream(s, "sink").send(Flux.just(large), text),
                        "sink"));
    }

    static Stream<Kind> usesOfAClosedSession() {
        Codec<String> text = Codec.utf8();
        return Stream.of(
                on("a request", ErrorCode.GOING_AWAY, s -> s.request("quotes", "", text, text), "quotes"),
                on("a message", ErrorCode.GOING_AWAY, s -> s.send("note", "", text), "note"),
                on("a stream", ErrorCode.NONE, s -> stream(s, "words").receive(text), "words"),
                new Kind("a ping", ErrorCode.NONE, test -> test.session.ping(), "session closed"));
    }

    private static PeerStream stream(PeerSession session, String name) {
        return session.openStream(name, StreamConfig.reliable());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dials")
    void aDialThatFailsNamesItsAddress(Kind kind) {
        assertThat(failure(kind)).hasMessageContainingAll(kind.subject());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("uses")
    void aUseThatFailsNamesItselfAndSessionAndPeer(Kind kind) {
        assertThat(failure(kind)).hasMessageContainingAll(kind.subject()).hasMessageContaining(onSession());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("usesOfAClosedSession")
    void aUseOfAClosedSessionNamesItselfAndSessionAndPeerAndThatItIsClosed(Kind kind) {
        session.dispose();
        network.settle();

        assertThat(failure(kind))
                .hasMessageContainingAll(kind.subject())
                .hasMessageContaining(onSession())
                .hasMessageContaining("losed");
    }

    private String onSession() {
        return "session " + session.id() + " with " + server.id();
    }

    private WeirException failure(Kind kind) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Flux.from(kind.failing().apply(this)).subscribe(value -> {}, failure::set);
        network.advance(Duration.ofMinutes(1));
        assertThat(failure.get())
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.reason().error()).isEqualTo(kind.code()));
        return (WeirException) failure.get();
    }

    @Test
    void aListenerThatFailsNamesItsAddress() {
        List<Throwable> failures = new ArrayList<>();
        network.node("other")
                .transport(network.transport("server"))
                .listen(network.address("server"))
                .start()
                .subscribe(node -> {}, failures::add);
        network.settle();

        assertThat(failures)
                .singleElement()
                .isInstanceOf(ListenException.class)
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.THROWABLE)
                .hasMessageContaining("(memory://server)")
                .hasMessageContaining("is taken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"WINDOW", "MESSAGE", "DATA", "OPEN", "PING"})
    void aBrokenRuleNamesTheFrameAtThisSideOnly(String what) {
        List<String> words = new ArrayList<>();
        Map<String, byte[]> broken = Map.of(
                "WINDOW", RogueFrames.plaintext(new CreditFrame.Window(9, 5, 5)),
                "MESSAGE", RogueFrames.raw(0x0C, 2, 1, 0, 7, 0, 0, 0),
                "DATA", RogueFrames.plaintext(RogueFrames.data(99, 3)),
                "OPEN", RogueFrames.plaintext(RogueFrames.open(4, "sink")),
                "PING", new byte[] {1, 2});
        Map<String, String> says = Map.of(
                "WINDOW", "Window[handle=9, consumed=5, limit=5]",
                "MESSAGE", "MESSAGE REPLY, id 7, packet 0 of 1",
                "DATA", "DATA of handle 99, 3 bytes",
                "OPEN", "OPEN of handle 4",
                "PING", "PING token is cut off");
        try (RoguePeer rogue =
                RoguePeer.dial(network, "rogue", network.address("server")).session()) {
            PeerSession session = server.sessions()
                    .filter(s -> s.peer().equals(rogue.id()))
                    .next()
                    .block();
            stream(session, "talk").receive(Codec.utf8()).subscribe(value -> {}, e -> words.add(e.getMessage()));
            rogue.sendPlaintext(broken.get(what));
            network.settle();

            assertThat(rogue.await(SessionFrame.End.class))
                    .isEqualTo(new SessionFrame.End(what.equals("PING") ? 3 : 2));
            network.advance(Duration.ofSeconds(1));
            CloseReason told = events.stream()
                    .filter(PeerEvent.ConnectionClosed.class::isInstance)
                    .map(event -> ((PeerEvent.ConnectionClosed) event).reason())
                    .findFirst()
                    .orElseThrow();
            assertThat(told.detail()).contains(says.get(what));
            assertThat(words)
                    .singleElement()
                    .satisfies(text -> assertThat(text).contains("\"talk\"", "with " + rogue.id(), says.get(what)));
        }
    }

    @Test
    void anExceptionIsAboutWhatWasSaidFirst() {
        assertThatThrownBy(() -> {
                    throw new SessionClosedException(CloseReason.local(ErrorCode.SILENCE))
                            .about("one")
                            .about("two");
                })
                .hasMessageStartingWith("session closed (one): local TRANSPORT 0x08 SILENCE");
    }
}
