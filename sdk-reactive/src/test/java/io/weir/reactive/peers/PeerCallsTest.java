package io.weir.reactive.peers;

import static io.weir.reactive.peers.PeersKit.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.MessageNotSentException;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.error.SessionClosedException;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PreferredInitiator;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.core.wire.Headers;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.Peer;
import io.weir.reactive.PeerCalls;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.WantedPeer;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.Hearing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Calls on a peer across its sessions: they wait for one, for so long, and say why there is none. */
class PeerCallsTest {

    private static final Codec<String> TEXT = Codec.utf8();
    private static final Duration WAIT = NodeLimits.defaults().sessionWait();
    private static final Duration SHORTLY = Duration.ofMillis(1);

    private final PeersKit kit = new PeersKit();
    private final List<String> handled = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        kit.close();
    }

    private enum Call {
        REQUEST("echo x") {
            @Override
            Flux<?> on(PeerCalls peer) {
                return peer.request("echo", "x", TEXT, TEXT).flux();
            }
        },
        SEND("note x") {
            @Override
            Flux<?> on(PeerCalls peer) {
                return peer.send("note", "x", TEXT).flux();
            }
        },
        SUBSCRIBE("stream") {
            @Override
            Flux<?> on(PeerCalls peer) {
                return peer.subscribe("talk", TEXT);
            }
        },
        EXCHANGE("stream") {
            @Override
            Flux<?> on(PeerCalls peer) {
                return peer.exchange("talk", Flux.just("x"), TEXT, TEXT);
            }
        };

        private final String atHandler;

        Call(String atHandler) {
            this.atHandler = atHandler;
        }

        abstract Flux<?> on(PeerCalls peer);
    }

    /** Whose calls. */
    private enum Whose {
        PEER,
        MANAGED;

        PeerCalls of(PeerNode keeper, PeerId id) {
            return this == PEER ? keeper.peer(id) : keeper.peers().find(id).orElseThrow();
        }

        PeerCalls of(PeerNode keeper, PeerId id, Duration wait) {
            return this == PEER
                    ? keeper.peer(id).within(wait)
                    : keeper.peers().find(id).orElseThrow().within(wait);
        }
    }

    static Stream<Arguments> calls() {
        return Stream.of(Call.values())
                .flatMap(call -> Stream.of(Whose.values()).map(who -> Arguments.of(call, who)));
    }

    private PeerNode server() {
        return kit.start(
                "server",
                spec -> spec.listen(at("server"))
                        .onRequest("echo", RequestHandler.typed(TEXT, TEXT, text -> {
                            handled.add("echo " + text);
                            return Mono.just(text);
                        }))
                        .onRequest("never", request -> {
                            handled.add("never");
                            return Mono.never();
                        })
                        .onMessage("note", message -> {
                            handled.add("note " + message.decode(TEXT) + message.headers());
                            return Mono.empty();
                        })
                        .onStream("talk", stream -> {
                            handled.add("stream");
                            return stream.send(stream.receive(TEXT).startWith("a"), TEXT);
                        })
                        .onStream("endless", stream -> {
                            handled.add("stream");
                            return stream.send(Flux.never(), TEXT);
                        }));
    }

    private PeerId serverId() {
        return kit.identity("server").peerId();
    }

    private WantedPeer wanted() {
        return WantedPeer.of(serverId(), at("server"));
    }

    private static CloseReason reason(Hearing heard) {
        assertThat(heard.failure).isInstanceOf(ConnectException.class);
        return ((ConnectException) Objects.requireNonNull(heard.failure)).reason();
    }

    // ---- on a session

    @ParameterizedTest
    @MethodSource("calls")
    void areMadeOnTheSessionThatThereIs(Call call, Whose whose) {
        server();
        PeerNode keeper = kit.keeper();
        keeper.peers().add(wanted());
        kit.settle();

        Hearing heard = new Hearing(call.on(whose.of(keeper, serverId())));
        int timers = kit.time.timers();
        kit.settle();

        assertThat(heard.signals).endsWith("complete").doesNotContain("error");
        assertThat(handled).singleElement().asString().startsWith(call.atHandler);
        assertThat(kit.time.timers()).as("timers for waiting").isLessThanOrEqualTo(timers);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void waitForTheSession(Call call, Whose whose) {
        PeerNode keeper = kit.keeper();
        keeper.peers().add(wanted());
        kit.settle();
        Hearing heard = new Hearing(call.on(whose.of(keeper, serverId(), Duration.ofMinutes(10))));
        kit.advance(Duration.ofMinutes(2));
        assertThat(heard.signals).isEmpty();

        server();
        kit.advance(Duration.ofMinutes(2));

        assertThat(heard.signals).endsWith("complete").doesNotContain("error");
        assertThat(handled).singleElement().asString().startsWith(call.atHandler);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void failWhenTheWaitIsOver(Call call, Whose whose) {
        PeerNode keeper = kit.keeper();
        keeper.peers().add(wanted());
        kit.settle();
        Hearing heard = new Hearing(call.on(whose.of(keeper, serverId())));

        kit.advance(WAIT.minus(SHORTLY));
        assertThat(heard.signals).isEmpty();
        kit.advance(SHORTLY);

        assertThat(reason(heard)).isEqualTo(CloseReason.local(ErrorCode.CONNECT_FAILED));
        assertThat(heard.failure)
                .hasMessageContaining(serverId().toString())
                .hasMessageContaining("within PT10S")
                .hasMessageContaining("failures in a row");
        assertThat(reason(heard).retryable()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("calls")
    void failAtOnceWhereNothingIsToBeWaitedFor(Call call, Whose whose) {
        PeerNode keeper = kit.keeper();
        keeper.peers().add(wanted());
        kit.settle();
        int timers = kit.time.timers();

        Hearing heard = new Hearing(call.on(whose.of(keeper, serverId(), Duration.ZERO)));

        assertThat(reason(heard)).isEqualTo(CloseReason.local(ErrorCode.CONNECT_FAILED));
        assertThat(heard.failure).hasMessageContaining("no session now");
        assertThat(kit.time.timers()).isEqualTo(timers);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void areForgottenWhenCancelledWhileTheyWait(Call call, Whose whose) {
        PeerNode keeper = kit.keeper();
        keeper.peers().add(wanted());
        kit.settle();
        int timers = kit.time.timers();
        Hearing heard = new Hearing(call.on(whose.of(keeper, serverId(), Duration.ofMinutes(10))));
        kit.settle();
        assertThat(kit.time.timers()).isGreaterThan(timers);

        heard.cancel();
        kit.settle();
        assertThat(kit.time.timers()).isEqualTo(timers);
        server();
        kit.advance(Duration.ofMinutes(2));

        assertThat(heard.signals).isEmpty();
        assertThat(handled).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("calls")
    void areOneForEachSubscription(Call call, Whose whose) {
        server();
        PeerNode keeper = kit.keeper();
        keeper.peers().add(wanted());
        Flux<?> cold = call.on(whose.of(keeper, serverId()));
        Hearing waited = new Hearing(cold);
        kit.settle();
        Hearing after = new Hearing(cold);
        kit.settle();

        assertThat(waited.signals).isEqualTo(after.signals).endsWith("complete");
        assertThat(handled).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(Whose.class)
    void demandIsHeldForTheSessionThatComes(Whose whose) {
        PeerNode keeper = kit.keeper();
        keeper.peers().add(wanted());
        Hearing heard = new Hearing(
                whose.of(keeper, serverId(), Duration.ofMinutes(10)).exchange("talk", Flux.just("b", "c"), TEXT, TEXT),
                0);
        kit.settle();
        heard.request(1);
        server();
        kit.advance(Duration.ofMinutes(2));
        assertThat(heard.signals).containsExactly("a");
        heard.request(9);
        kit.settle();
        assertThat(heard.signals).containsExactly("a", "b", "c", "complete");
    }

    @Test
    void headersAndOptionsGoAlong() {
        server();
        PeerNode keeper = kit.keeper();
        keeper.peers().add(wanted());
        kit.settle();
        Peer peer = keeper.peer(serverId());

        new Hearing(peer.send("note", Headers.of("to", "all"), "x", TEXT));
        Hearing asked = new Hearing(
                peer.request("never", "x", TEXT, TEXT, RequestOptions.defaults().withTimeout(Duration.ofSeconds(3))));
        kit.advance(Duration.ofSeconds(3));

        assertThat(handled).containsExactlyInAnyOrder("note x[to]", "never");
        assertThat(asked.code()).isEqualTo(ErrorCode.REQUEST_TIMEOUT);
    }

    @Test
    void openStreamWaitsToo() {
        PeerNode keeper = kit.keeper();
        Peer peer = keeper.peer(serverId());
        Hearing failed = new Hearing(peer.openStream("talk"));
        kit.advance(WAIT);
        assertThat(reason(failed)).isEqualTo(CloseReason.local(ErrorCode.NOT_CONNECTED));
        keeper.peers().add(wanted());
        Hearing heard = new Hearing(peer.within(Duration.ofMinutes(10))
                .openStream(StreamId.of("talk"), StreamOpen.named("talk"), StreamConfig.reliable())
                .flatMapMany(stream -> stream.receive(TEXT)));
        server();
        kit.advance(Duration.ofMinutes(1));
        assertThat(heard.signals).containsExactly("a");
    }

    // ---- a lost session

    @ParameterizedTest
    @EnumSource(Whose.class)
    void nothingThatWasBegunIsMadeAgain(Whose whose) {
        server();
        PeerNode keeper = kit.keeper();
        keeper.peers().add(wanted());
        kit.settle();
        PeerCalls peer = whose.of(keeper, serverId());
        Hearing asked = new Hearing(peer.request("never", "x", TEXT, TEXT));
        Hearing subscribed = new Hearing(peer.subscribe("endless", TEXT));
        Hearing exchanged = new Hearing(peer.exchange("endless", Flux.never(), TEXT, TEXT));
        kit.settle();
        assertThat(handled).hasSize(3);

        kit.network.reset("server");
        kit.advance(Duration.ofMinutes(1));

        assertThat(asked.failure).isInstanceOf(ReplyMissingException.class);
        assertThat(subscribed.failure).isInstanceOf(SessionClosedException.class);
        assertThat(exchanged.failure).isInstanceOf(SessionClosedException.class);
        assertThat(handled).as("handled again").hasSize(3);
        assertThat(keeper.liveSessions()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void aSessionThatDrainsIsNotWaitedOn(Call call, Whose whose) {
        PeerNode server = server();
        PeerNode keeper = kit.keeper();
        keeper.peers().add(wanted());
        kit.settle();
        new Hearing(keeper.peer(serverId()).request("never", "x", TEXT, TEXT));
        kit.settle();
        PeerSession draining = server.liveSessions().get(0);
        draining.drain(Duration.ofSeconds(30)).subscribe(v -> {}, e -> {});
        kit.settle();
        handled.clear();

        Hearing now = new Hearing(call.on(whose.of(keeper, serverId(), Duration.ZERO)));
        Hearing later = new Hearing(call.on(whose.of(keeper, serverId(), Duration.ofMinutes(5))));
        kit.settle();
        assertThat(reason(now)).isEqualTo(CloseReason.local(ErrorCode.GOING_AWAY));
        assertThat(later.signals).isEmpty();
        kit.advance(Duration.ofMinutes(2));

        assertThat(later.signals).endsWith("complete").doesNotContain("error");
        assertThat(handled).hasSize(1);
    }

    @Test
    void whatTheSessionRefusesIsNotWaitedFor() {
        server();
        PeerNode keeper = kit.keeper();
        keeper.peers().add(wanted());
        kit.settle();
        AtomicReference<Mono<Void>> send = new AtomicReference<>();
        send.set(keeper.peer(serverId()).send("note", "x", TEXT));
        Mono<PeerSession> session = keeper.peer(serverId()).session();
        Hearing refused = new Hearing(session.flatMap(live -> {
            Mono<Void> late = live.send("note", "x", TEXT);
            live.dispose();
            return late;
        }));
        kit.settle();
        assertThat(refused.failure).isInstanceOf(MessageNotSentException.class);
    }

    // ---- why there is none

    private Hearing failFast(Whose whose, PeerNode keeper) {
        return new Hearing(Call.REQUEST.on(whose.of(keeper, serverId(), Duration.ZERO)));
    }

    @Test
    void nobodyKeepsThePeer() {
        PeerNode keeper = kit.keeper();
        Hearing heard = new Hearing(keeper.peer(serverId()).failFast().request("echo", "x", TEXT, TEXT));
        assertThat(reason(heard)).isEqualTo(CloseReason.local(ErrorCode.NOT_CONNECTED));
        assertThat(reason(heard).retryable()).isTrue();
        assertThat(heard.failure).hasMessageContaining("nobody here keeps it connected");
    }

    @ParameterizedTest
    @EnumSource(Whose.class)
    void theFirstDialIsUnderWay(Whose whose) {
        PeerNode keeper = kit.keeper();
        keeper.peers().add(wanted());
        Hearing heard = failFast(Whose.MANAGED, keeper);
        assertThat(reason(heard)).isEqualTo(CloseReason.local(ErrorCode.NOT_CONNECTED));
        assertThat(heard.failure).hasMessageContaining("being dialled");
        kit.settle();
    }

    @ParameterizedTest
    @EnumSource(Whose.class)
    void itIsGivenUp(Whose whose) {
        PeerNode keeper = kit.keeper();
        keeper.peers().add(wanted().withPolicy(ConnectionPolicy.defaults().withMaxAttempts(1)));
        kit.settle();
        Hearing heard = failFast(whose, keeper);
        assertThat(reason(heard)).isEqualTo(CloseReason.local(ErrorCode.CONNECT_FAILED));
        assertThat(heard.failure).hasMessageContaining("given up");
    }

    @Test
    void aManagedPeerThatIsGivenUpIsNotWaitedForAndAPeerIsSinceItMayDial() {
        PeerNode keeper = kit.keeper();
        ManagedPeer managed = keeper.peers()
                .add(wanted().withPolicy(ConnectionPolicy.defaults().withMaxAttempts(1)));
        kit.settle();
        Hearing byManaged = new Hearing(managed.request("echo", "x", TEXT, TEXT));
        Hearing byPeer = new Hearing(keeper.peer(serverId()).request("echo", "x", TEXT, TEXT));
        kit.settle();
        assertThat(reason(byManaged)).isEqualTo(CloseReason.local(ErrorCode.CONNECT_FAILED));
        assertThat(byPeer.signals).isEmpty();
        kit.advance(WAIT);
        assertThat(byPeer.failure).hasMessageContaining("given up");
    }

    @Test
    void itIsWantedNoMore() {
        PeerNode keeper = kit.keeper();
        ManagedPeer managed = keeper.peers().add(wanted());
        kit.settle();
        Hearing waiting = new Hearing(managed.request("echo", "x", TEXT, TEXT));
        managed.remove();
        kit.settle();
        Hearing late = new Hearing(managed.failFast().request("echo", "x", TEXT, TEXT));
        assertThat(reason(waiting)).isEqualTo(CloseReason.local(ErrorCode.CANCELLED));
        assertThat(reason(late)).isEqualTo(CloseReason.local(ErrorCode.CANCELLED));
        assertThat(late.failure).hasMessageContaining("wanted no more");
    }

    @ParameterizedTest
    @EnumSource(Whose.class)
    void itIsToDial(Whose whose) {
        PeerNode keeper = kit.keeper();
        keeper.peers().add(wanted().withPolicy(ConnectionPolicy.defaults().withInitiator(PreferredInitiator.PEER)));
        kit.settle();
        Hearing heard = failFast(whose, keeper);
        assertThat(reason(heard)).isEqualTo(CloseReason.local(ErrorCode.NOT_CONNECTED));
        assertThat(heard.failure).hasMessageContaining("it is to dial");
    }

    @ParameterizedTest
    @EnumSource(Whose.class)
    void itsLastSessionWasLost(Whose whose) {
        PeerNode server = server();
        PeerNode keeper = kit.keeper();
        keeper.peers().add(wanted());
        kit.settle();
        server.dispose();
        kit.settle();
        Hearing heard = failFast(whose, keeper);
        assertThat(reason(heard)).isEqualTo(CloseReason.remote(ErrorCode.NODE_CLOSED));
    }

    @Test
    void ofSeveralWhoWantItTheOneThatFailedTells() {
        PeerNode server = server();
        PeerNode keeper = kit.keeper();
        keeper.peers().add(WantedPeer.of(serverId()));
        kit.settle();
        keeper.peers().add(at("server"));
        kit.settle();
        assertThat(keeper.liveSessions()).hasSize(1);
        server.dispose();
        kit.advance(Duration.ofSeconds(5));
        keeper.peers().find(serverId()).ifPresent(ManagedPeer::retry); // forgets why
        kit.settle();
        Hearing heard = failFast(Whose.PEER, keeper);
        assertThat(reason(heard)).isEqualTo(CloseReason.local(ErrorCode.CONNECT_FAILED));
    }

    @Test
    void theNodeIsClosed() {
        PeerNode keeper = kit.keeper();
        Peer peer = keeper.peer(serverId());
        Hearing waiting = new Hearing(peer.request("echo", "x", TEXT, TEXT));
        kit.settle();
        keeper.dispose();
        kit.settle();
        Hearing late = new Hearing(peer.request("echo", "x", TEXT, TEXT));
        Hearing atOnce = new Hearing(peer.failFast().request("echo", "x", TEXT, TEXT));
        kit.settle();
        for (Hearing each : List.of(waiting, late, atOnce)) {
            assertThat(reason(each)).isEqualTo(CloseReason.local(ErrorCode.NODE_CLOSED));
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void interceptorsSeeThemWhenTheyBegin(Call call, Whose whose) {
        List<String> seen = new ArrayList<>();
        PeerNode keeper = kit.start(
                "keeper",
                spec -> spec.intercept(what -> {
                    seen.add(what.kind().toString());
                    return what;
                }));
        keeper.peers().add(wanted());
        kit.settle();
        new Hearing(call.on(whose.of(keeper, serverId(), Duration.ZERO)));
        Hearing waiting = new Hearing(call.on(whose.of(keeper, serverId(), Duration.ofMinutes(5))));
        kit.settle();
        assertThat(seen).as("none has begun").isEmpty();
        server();
        kit.advance(Duration.ofMinutes(2));
        assertThat(waiting.signals).endsWith("complete");
        assertThat(seen).hasSize(1);
    }

    // ---- bounds and arguments

    @ParameterizedTest
    @EnumSource(Whose.class)
    void noMoreWaitThanMayBeOutstanding(Whose whose) {
        PeerNode keeper =
                kit.start("keeper", spec -> spec.limits(NodeLimits.defaults().withMaxRequestsOutstanding(2)));
        keeper.peers().add(wanted());
        kit.settle();
        PeerCalls peer = whose.of(keeper, serverId());
        List<Hearing> first = List.of(
                new Hearing(peer.request("echo", "1", TEXT, TEXT)), new Hearing(peer.request("echo", "2", TEXT, TEXT)));
        kit.settle();
        Hearing third = new Hearing(peer.request("echo", "3", TEXT, TEXT));
        kit.settle();
        assertThat(reason(third)).isEqualTo(CloseReason.local(ErrorCode.TOO_MANY_REQUESTS));
        assertThat(first).allSatisfy(each -> assertThat(each.signals).isEmpty());

        first.get(0).cancel();
        kit.settle();
        Hearing fourth = new Hearing(peer.request("echo", "4", TEXT, TEXT));
        kit.settle();
        assertThat(fourth.signals).isEmpty();
        kit.advance(WAIT);
        assertThat(reason(fourth)).isEqualTo(CloseReason.local(ErrorCode.CONNECT_FAILED));
    }

    @Test
    void howLongAllWaitIsALimitOfTheNode() {
        PeerNode keeper =
                kit.start("keeper", spec -> spec.limits(NodeLimits.defaults().withSessionWait(Duration.ofSeconds(2))));
        Hearing heard = new Hearing(keeper.peer(serverId()).send("note", "x", TEXT));
        kit.advance(Duration.ofSeconds(2));
        assertThat(heard.failure).hasMessageContaining("within PT2S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeLimits.defaults().withSessionWait(Duration.ofHours(2)))
                .withMessage("sessionWait is PT2H; legal: PT0S to PT1H");
    }

    @Test
    void theWaitHasARange() {
        Peer peer = kit.keeper().peer(serverId());
        for (Duration bad : List.of(Duration.ofNanos(-1), Duration.ofHours(1).plusNanos(1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> peer.within(bad))
                    .withMessage("wait is " + bad + "; legal: PT0S to PT1H");
        }
        assertThat(peer.within(Duration.ofHours(1)).id()).isEqualTo(serverId());
    }

    @Test
    void sessionWaitsForEverUnlessToldOtherwise() {
        PeerNode keeper = kit.keeper();
        Hearing patient = new Hearing(keeper.peer(serverId()).session());
        Hearing told = new Hearing(
                keeper.peer(serverId()).within(Duration.ofSeconds(5)).session());
        kit.advance(Duration.ofDays(1));
        assertThat(patient.signals).isEmpty();
        assertThat(reason(told)).isEqualTo(CloseReason.local(ErrorCode.NOT_CONNECTED));
        patient.cancel();
        kit.settle();
    }

    @Test
    void argumentsAreCheckedWhereTheCallerSeesIt() {
        Peer peer = kit.keeper().peer(serverId());
        String tooLong = "x".repeat(256);
        assertThatIllegalArgumentException().isThrownBy(() -> peer.request(tooLong, "x", TEXT, TEXT));
        assertThatIllegalArgumentException().isThrownBy(() -> peer.send(tooLong, "x", TEXT));
        assertThatIllegalArgumentException().isThrownBy(() -> peer.subscribe(tooLong, TEXT));
        assertThatIllegalArgumentException().isThrownBy(() -> peer.exchange(tooLong, Flux.empty(), TEXT, TEXT));
        assertThatNullPointerException().isThrownBy(() -> peer.request("r", null, TEXT, TEXT));
    }
}
