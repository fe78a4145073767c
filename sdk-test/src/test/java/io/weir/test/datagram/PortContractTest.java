package io.weir.test.datagram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ListenException;
import io.weir.core.handshake.Role;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.DialProgress;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.LinkListener;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.SimulatedNetwork;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;

/** What a transport promises its users, kept by ports of datagrams. */
class PortContractTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final SimulatedNetwork network =
            SimulatedNetwork.seeded(1).profile(LinkProfile.PERFECT.withLatency(Duration.ofMillis(10)));
    private final PortSide server = new PortSide(network, "server").listen();
    private final PortSide client = new PortSide(network, "client");

    @Test
    void allDialsShareAPortWhichEndsWithTheLastOfThem() {
        PortSide second = new PortSide(network, "second").listen();
        client.dial(server, server.id, LIMIT);
        client.dial(second, second.id, LIMIT);
        network.advance(Duration.ofMillis(50));
        assertThat(client.established).hasSize(2);
        assertThat(client.transport.sockets).hasSize(1);

        client.connections.get(0).close();
        network.settle();
        assertThat(client.transport.sockets).hasSize(1);
        client.connections.get(1).close();
        network.settle();
        assertThat(client.transport.sockets).isEmpty();

        client.dial(server, server.id, LIMIT);
        network.advance(Duration.ofMillis(50));
        assertThat(client.established).hasSize(3);
    }

    @Test
    void whoListensDialsFromThere() {
        client.listen();
        client.dial(server, server.id, LIMIT);
        network.advance(Duration.ofMillis(50));

        assertThat(client.transport.sockets).hasSize(1);
        assertThat(server.established)
                .singleElement()
                .satisfies(made -> assertThat(((InetSocketAddress) made.remoteAddress()).getPort())
                        .isEqualTo(SimulatedNetwork.PORT));
    }

    @Test
    void anAddressIsBoundOnce() {
        server.listen();

        assertThat(server.errors)
                .singleElement()
                .satisfies(
                        e -> assertThat(((ListenException) e).reason().error()).isEqualTo(ErrorCode.BIND_FAILED));
        client.dial(server, server.id, LIMIT);
        network.advance(Duration.ofMillis(50));
        assertThat(server.established).hasSize(1);
    }

    @Test
    void aClosedListenerLeavesItsConnectionsAndThenItsAddress() {
        client.dial(server, server.id, LIMIT);
        network.advance(Duration.ofMillis(50));
        AtomicBoolean free = new AtomicBoolean();

        listener().close().subscribe(null, null, () -> free.set(true));
        network.settle();
        assertThat(listener().isDisposed()).isTrue();
        assertThat(server.sessions).noneMatch(session -> session.lost);
        assertThat(free).isFalse();
        client.dial(server, server.id, Duration.ofSeconds(3));
        network.advance(Duration.ofSeconds(3));
        assertThat(client.failures).as("nobody is taken any more").hasSize(1);

        server.connections.get(0).close();
        network.settle();
        assertThat(free).isTrue();
        server.listen();
        assertThat(server.errors).isEmpty();
    }

    @Test
    void whoListensAgainTakesThePortOfTheConnectionsThatAreLeft() {
        client.dial(server, server.id, LIMIT);
        network.advance(Duration.ofMillis(50));

        for (int again = 1; again <= 3; again++) {
            listener().dispose();
            network.settle();
            server.listen();
            client.dial(server, server.id, LIMIT);
            network.advance(Duration.ofMillis(50));

            assertThat(server.errors).isEmpty();
            assertThat(listener().address()).isEqualTo(server.address());
            assertThat(server.transport.sockets).hasSize(1);
            assertThat(server.established).hasSize(1 + again);
            assertThat(server.sessions).noneMatch(session -> session.lost);
        }
        listener().dispose();
        List.copyOf(server.connections).forEach(Establisher::close);
        network.settle();
        assertThat(server.transport.sockets).as("nothing holds it any more").isEmpty();
        server.listen();
        assertThat(server.errors).isEmpty();
    }

    @Test
    void whoListensAgainAndGivesUpLeavesThePortToItsConnections() {
        client.dial(server, server.id, LIMIT);
        network.advance(Duration.ofMillis(50));
        listener().dispose();
        BaseSubscriber<LinkListener> vanishing = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}
        };
        server.ports.accept(server.address(), Establisher::close).subscribe(vanishing);
        network.settle();
        vanishing.cancel();
        network.settle();

        assertThat(server.sessions).noneMatch(session -> session.lost);
        client.dial(server, server.id, Duration.ofSeconds(3));
        network.advance(Duration.ofSeconds(3));
        assertThat(client.failures).as("nobody is taken").hasSize(1);
        server.connections.get(0).close();
        network.settle();
        assertThat(server.transport.sockets).isEmpty();
    }

    @Test
    void cancelledDialsLeaveNothing() {
        for (int i = 0; i < 50; i++) {
            BaseSubscriber<Establisher> vanishing = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}
            };
            client.ports.dial(server.address(), LIMIT, DialProgress.UNHEARD).subscribe(vanishing);
            if (i % 2 == 0) {
                network.settle();
            }
            vanishing.cancel();
        }
        network.settle();

        assertThat(client.transport.sockets).isEmpty();
        assertThat(network.timers()).isZero();
    }

    @Test
    void anAbortedDialLeavesNothingAndTellsNothing() {
        client.dial(server, server.id, LIMIT);
        network.advance(Duration.ofMillis(5));

        client.connections.get(0).abort(ErrorCode.HANDSHAKE_TIMEOUT);
        network.settle();

        assertThat(client.failures).isEmpty();
        assertThat(client.transport.sockets).isEmpty();
        assertThat(network.timers("client")).isZero();
    }

    @Test
    void aHandlerThatThrowsLosesItsConnectionOnly() {
        PortSide odd = new PortSide(network, "odd");
        List<Establisher> taken = new ArrayList<>();
        odd.ports
                .accept(odd.address(), connection -> {
                    taken.add(connection);
                    if (taken.size() == 1) {
                        throw new IllegalStateException("thrown on purpose");
                    }
                    connection.start(Role.RESPONDER, null, odd);
                })
                .subscribe();
        client.dial(odd, odd.id, LIMIT);
        client.dial(odd, odd.id, LIMIT);
        network.advance(Duration.ofMillis(50));

        assertThat(taken).hasSize(2);
        assertThat(odd.established).hasSize(1);
        AtomicBoolean closed = new AtomicBoolean();
        taken.get(0).onClose().subscribe(null, null, () -> closed.set(true));
        assertThat(closed).isTrue();
    }

    @Test
    void anAssociationThatNobodyTakesIsClosed() {
        PortSide careless = new PortSide(network, "careless");
        List<Establisher> taken = new ArrayList<>();
        careless.ports
                .accept(careless.address(), connection -> {
                    taken.add(connection);
                    connection.start(Role.RESPONDER, null, new Establisher.Outcome() {
                        @Override
                        public void established(io.weir.reactive.transport.Association association) {}

                        @Override
                        public void failed(io.weir.core.error.CloseReason reason) {}
                    });
                })
                .subscribe();
        client.dial(careless, careless.id, LIMIT);
        network.advance(Duration.ofMillis(50));

        AtomicBoolean closed = new AtomicBoolean();
        taken.get(0).onClose().subscribe(null, null, () -> closed.set(true));
        assertThat(closed).isTrue();
    }

    @Test
    void disposingTheTransportEndsListenersAndConnections() {
        client.dial(server, server.id, LIMIT);
        network.advance(Duration.ofMillis(50));
        AtomicBoolean ended = new AtomicBoolean();
        listener().onClose().subscribe(null, null, () -> ended.set(true));

        server.transport.disposeLater().subscribe();
        network.settle();

        assertThat(server.sessions).allMatch(session -> session.lost);
        assertThat(ended).isTrue();
        PortSide late = new PortSide(network, "late");
        late.transport.dispose();
        late.listen();
        assertThat(late.errors).singleElement().isInstanceOf(ListenException.class);
        late.dial(server, server.id, LIMIT);
        assertThat(late.errors).hasSize(2).last().isInstanceOf(ConnectException.class);
    }

    @Test
    void aBrokenSocketEndsWhatStandsOnIt() {
        client.dial(server, server.id, LIMIT);
        network.advance(Duration.ofMillis(50));
        client.dial(server, server.id, LIMIT);

        client.transport.breakSockets(new IOException("broken on purpose"));
        network.settle();

        assertThat(client.sessions).singleElement().satisfies(session -> {
            assertThat(session.lost).isTrue();
            assertThat(session.failure).hasMessage("broken on purpose");
        });
        assertThat(client.failures)
                .singleElement()
                .satisfies(reason -> assertThat(reason.error()).isEqualTo(ErrorCode.LINK_LOST));
        client.dial(server, server.id, LIMIT);
        network.advance(Duration.ofMillis(50));
        assertThat(client.established).as("from another socket").hasSize(2);
    }

    @Test
    void ownAddressesAreNotTried() {
        List<Throwable> errors = new ArrayList<>();
        client.ports
                .dial(server.address(), LIMIT, new DialProgress() {
                    @Override
                    public void resolving() {}

                    @Override
                    public void connecting() {}

                    @Override
                    public boolean mayTry(SocketAddress address) {
                        return false;
                    }
                })
                .subscribe(connection -> {}, errors::add);

        assertThat(errors)
                .singleElement()
                .satisfies(
                        e -> assertThat(((ConnectException) e).reason().error()).isEqualTo(ErrorCode.SELF_CONNECT));
        assertThat(client.transport.sockets).isEmpty();
    }

    @Test
    void addressesOfOtherTransportsAreRefusedAtOnce() {
        PeerAddress foreign = PeerAddress.tcp("server", 1);

        assertThatThrownBy(() -> client.ports.dial(foreign, LIMIT, DialProgress.UNHEARD))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.ports.accept(foreign, connection -> {}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.ports.dial(server.address(), Duration.ZERO, DialProgress.UNHEARD))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("timeout");
    }

    private io.weir.reactive.transport.LinkListener listener() {
        return java.util.Objects.requireNonNull(server.listener, "listener");
    }
}
