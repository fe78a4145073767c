package io.weir.reactive.transport;

import static io.weir.reactive.transport.ContractNodes.PATIENCE;
import static io.weir.reactive.transport.ContractNodes.address;
import static io.weir.reactive.transport.ContractNodes.await;
import static io.weir.reactive.transport.ContractNodes.awaitTrue;
import static io.weir.reactive.transport.ContractNodes.connect;
import static io.weir.reactive.transport.ContractNodes.end;
import static io.weir.reactive.transport.ContractNodes.session;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.identity.Identity;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.core.peer.Target;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerAdmission;
import io.weir.reactive.PeerEvent.ConnectionClosed;
import io.weir.reactive.PeerEvent.ConnectionLost;
import io.weir.reactive.PeerEvent.ConnectionReady;
import io.weir.reactive.PeerEvent.ConnectionSetup;
import io.weir.reactive.PeerEvent.ConnectionSetupError;
import io.weir.reactive.PeerEvent.Listening;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerState;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.Routed;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What nodes promise each other, whatever carries their sessions: who is there and who is not, and how sessions begin and end. */
public abstract class NodesContract {

    ContractNodes nodes;

    /** A new transport of one node. Those of one test meet each other. */
    protected abstract Transport newTransport();

    /** Where a node finds a free place to listen. Every call may give another one. */
    protected abstract PeerAddress anywhere();

    /** Where nobody listens. */
    protected abstract PeerAddress nowhere();

    @BeforeEach
    void open() {
        nodes = new ContractNodes(this::newTransport);
    }

    @AfterEach
    void close() {
        nodes.close();
    }

    final PeerNode server() {
        return nodes.start(this::serving);
    }

    final PeerNodeSpec serving(PeerNodeSpec spec) {
        return spec.listen(anywhere())
                .onStream("echo", stream -> stream.send(stream.receive(Codec.bytes()), Codec.bytes()))
                .onRequest("twice", RequestHandler.typed(Codec.utf8(), Codec.utf8(), text -> Mono.just(text + text)));
    }

    private static ErrorCode failure(Mono<?> connect) {
        return await(connect.then(Mono.<ErrorCode>empty())
                .onErrorResume(ConnectException.class, e -> Mono.just(e.reason().error())));
    }

    // ---- who is there

    @Test
    void eachSideKnowsWhoTheOtherIs() {
        PeerNode server = server();
        PeerNode client = nodes.start();

        PeerSession there = connect(client, server);
        PeerSession here = session(server, client);

        assertThat(there.peer()).isEqualTo(server.id());
        assertThat(here.peer()).isEqualTo(client.id());
        assertThat(List.of(there.initiator(), here.initiator())).containsExactly(true, false);
        assertThat(List.of(there.transport(), here.transport()))
                .containsOnly(anywhere().scheme());
        assertThat(await(there.ping())).isPositive();
        assertThat(await(here.ping())).isPositive();
    }

    @Test
    void whoIsNotExpectedIsNotConnectedTo() {
        PeerNode server = server();
        PeerNode client = nodes.start();

        assertThat(failure(client.connect(server.addresses().get(0).expecting(client.id()))))
                .isEqualTo(ErrorCode.SELF_CONNECT);
        assertThat(failure(client.connect(
                        server.addresses().get(0).expecting(Identity.generate().peerId()))))
                .isEqualTo(ErrorCode.IDENTITY_MISMATCH);

        assertThat(client.liveSessions()).isEmpty();
        assertThat(nodes.told(server, ConnectionReady.class)).isEmpty();
    }

    @Test
    void whoIsNotAdmittedIsToldSo() {
        PeerNode server = nodes.start(spec -> serving(spec).admission(PeerAdmission.allowList(List.of())));
        PeerNode client = nodes.start();

        assertThat(failure(client.connect(address(server)))).isEqualTo(ErrorCode.NOT_ADMITTED);
        assertThat(server.liveSessions()).isEmpty();
    }

    @Test
    void nobodyThereIsAFailureToConnect() {
        PeerNode client =
                nodes.start(spec -> spec.limits(NodeLimits.defaults().withConnectTimeout(Duration.ofMillis(500))));

        assertThat(failure(client.connect(nowhere()))).isEqualTo(ErrorCode.CONNECT_FAILED);
        assertThat(nodes.told(client, ConnectionSetupError.class)).hasSize(1);
    }

    @Test
    void dialsToEachOtherAtOnceMakeOneSession() {
        for (int round = 0; round < 5; round++) {
            PeerNode one = server();
            PeerNode other = server();

            var sessions = await(Mono.zip(one.connect(address(other)), other.connect(address(one))));

            assertThat(await(sessions.getT1().request("twice", "a", Codec.utf8(), Codec.utf8())))
                    .isEqualTo("aa");
            assertThat(await(sessions.getT2().request("twice", "b", Codec.utf8(), Codec.utf8())))
                    .isEqualTo("bb");
            awaitTrue(
                    "one is left",
                    () -> one.liveSessions().size() == 1 && other.liveSessions().size() == 1);
            assertThat(one.liveSessions().get(0).initiator())
                    .isNotEqualTo(other.liveSessions().get(0).initiator());
        }
    }

    // ---- ends

    @Test
    void theCloseOfASessionIsToldToThePeer() {
        PeerNode server = server();
        PeerNode client = nodes.start();
        PeerSession there = connect(client, server);
        PeerSession here = session(server, client);

        end(there.close());

        assertThat(await(there.onClose())).isEqualTo(CloseReason.local(ErrorCode.NONE));
        assertThat(await(here.onClose())).isEqualTo(CloseReason.remote(ErrorCode.NONE));
        assertThat(connect(client, server)).as("a new one").isNotSameAs(there);
    }

    @Test
    void ofEachPairOfEventsExactlyOneComes() {
        PeerNode server = server();
        PeerNode client = nodes.start();
        connect(client, server);
        PeerSession here = session(server, client);

        end(server.close());
        awaitTrue("lost", () -> !nodes.told(client, ConnectionClosed.class).isEmpty());

        assertThat(await(here.onClose()).error()).isEqualTo(ErrorCode.NODE_CLOSED);
        assertThat(nodes.told(server, Listening.class)).hasSize(1);
        assertThat(nodes.told(client, ConnectionSetup.class)).hasSize(1);
        assertThat(nodes.told(client, ConnectionSetupError.class)).isEmpty();
        for (PeerNode node : List.of(server, client)) {
            assertThat(nodes.told(node, ConnectionReady.class)).hasSize(1);
            assertThat(nodes.told(node, ConnectionClosed.class)).hasSize(1);
            assertThat(nodes.told(node, ConnectionLost.class)).isEmpty();
        }
        assertThat(nodes.told(client, ConnectionClosed.class).get(0).reason())
                .extracting(CloseReason::origin, CloseReason::error)
                .containsExactly(Origin.REMOTE, ErrorCode.NODE_CLOSED);
    }

    @Test
    void aPeerThatVanishesIsLost() {
        NodeLimits limits = NodeLimits.defaults().withSilenceLimit(Duration.ofSeconds(1));
        PeerNode server = nodes.start(spec -> serving(spec).limits(limits));
        PeerNode client = nodes.start(spec -> spec.limits(limits));
        connect(client, server);
        PeerSession here = session(server, client);

        nodes.cutOff(client);

        assertThat(await(here.onClose()).error()).isIn(ErrorCode.SILENCE, ErrorCode.LINK_LOST);
        awaitTrue("told", () -> nodes.told(server, ConnectionLost.class).size() == 1);
        assertThat(nodes.told(server, ConnectionClosed.class)).isEmpty();
        assertThat(server.liveSessions()).isEmpty();
    }

    @Test
    void aDrainLetsEndWhatWasBegun() {
        PeerNode server = server();
        PeerSession session = connect(nodes.start(), server);
        Sinks.Many<byte[]> values = Sinks.many().unicast().onBackpressureBuffer();
        Sinks.Many<Integer> echoes = Sinks.many().replay().all();
        session.exchange("echo", values.asFlux(), Codec.bytes(), Codec.bytes())
                .map(echo -> echo.length)
                .subscribe(echoes::tryEmitNext, echoes::tryEmitError, echoes::tryEmitComplete);
        values.tryEmitNext(new byte[1]);
        assertThat(await(echoes.asFlux().next())).isEqualTo(1);

        Mono<Void> shutdown = server.shutdown(PATIENCE).cache();
        shutdown.subscribe();
        end(session.onDrain());
        values.tryEmitNext(new byte[2]);
        values.tryEmitComplete();

        assertThat(await(echoes.asFlux().collectList())).containsExactly(1, 2);
        end(shutdown);
        assertThat(await(session.onClose()).error()).isEqualTo(ErrorCode.NONE);
    }

    // ---- what is kept across sessions

    @Test
    void aPeerThatIsKeptComesBackAndKeepsItsNumber() {
        Identity identity = Identity.generate();
        ConnectionPolicy policy = ConnectionPolicy.defaults().withInitialDelay(Duration.ofMillis(50));
        PeerNode first = nodes.start(spec -> serving(spec).identity(identity));
        PeerAddress place = first.addresses().get(0).expecting(first.id());
        PeerNode keeper = nodes.start(spec -> spec.connections(policy));
        ManagedPeer kept = keeper.peers().add(place);
        Target number = keeper.routes().add(first.id());
        assertThat(received(first, keeper, number, "before")).isEqualTo("before");

        end(first.close());
        awaitTrue("seen", () -> !(kept.state() instanceof PeerState.Ready));
        PeerNode second = nodes.start(spec -> spec.identity(identity).listen(place.expecting(null)));

        assertThat(received(second, keeper, number, "after")).isEqualTo("after");
        awaitTrue("ready", () -> kept.state() instanceof PeerState.Ready);
        assertThat(keeper.routes().target(second.id())).contains(number);
    }

    private static String received(PeerNode by, PeerNode from, Target number, String text) {
        Sinks.One<Routed> come = Sinks.one();
        by.routes().receive().subscribe(come::tryEmitValue);
        awaitTrue("there is a route", () -> from.routes().valid().contains(number));
        end(from.routes().send(number, ByteBuffer.wrap(text.getBytes(UTF_8))));
        Routed routed = await(come.asMono());
        assertThat(routed.peer()).isEqualTo(from.id());
        return UTF_8.decode(routed.payload()).toString();
    }
}
