package io.weir.reactive.transport;

import static io.weir.reactive.transport.ContractNodes.PATIENCE;
import static io.weir.reactive.transport.ContractNodes.address;
import static io.weir.reactive.transport.ContractNodes.await;
import static io.weir.reactive.transport.ContractNodes.awaitTrue;
import static io.weir.reactive.transport.ContractNodes.connect;
import static io.weir.reactive.transport.ContractNodes.session;
import static io.weir.reactive.transport.ContractNodes.settle;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent.ConnectionLost;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sessions on paths that only datagrams have, on the system's sockets: families, scopes, moves, and ports that nobody has. */
@Timeout(120)
public abstract class PathsContractTest {

    private static final int CHUNK_BYTES = 16 << 10;

    @SuppressWarnings("this-escape") // asked by tests alone
    protected final ContractNodes nodes = new ContractNodes(this::newTransport);

    /** A new transport of one node, of datagrams. */
    protected abstract Transport newTransport();

    /** Of the scheme of that transport. */
    protected abstract PeerAddress at(String host, int port);

    @AfterEach
    void close() {
        nodes.close();
    }

    protected final PeerNode server(String host, int port) {
        return nodes.start(spec -> serving(spec).listen(at(host, port)));
    }

    private static PeerNodeSpec serving(PeerNodeSpec spec) {
        return spec.onStream("echo", stream -> stream.send(stream.receive(Codec.bytes()), Codec.bytes()));
    }

    /** Sends so many numbered chunks there and back; true if all have come, once and in order. */
    protected static Mono<Boolean> echo(PeerSession session, int chunks) {
        return session.exchange(
                        "echo",
                        Flux.range(0, chunks)
                                .map(i -> ByteBuffer.allocate(CHUNK_BYTES)
                                        .putInt(i)
                                        .array()),
                        Codec.bytes(),
                        Codec.bytes())
                .map(chunk ->
                        chunk.length == CHUNK_BYTES ? ByteBuffer.wrap(chunk).getInt() : -1)
                .index((at, number) -> at == number.longValue())
                .collectList()
                .map(right -> right.size() == chunks && !right.contains(false));
    }

    // ---- families and scopes

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "localhost"})
    void whoListensAtAllAddressesServesBothFamilies(String host) {
        PeerNode server = server("::", 0);
        PeerNode client = nodes.start();

        PeerSession there = await(client.connect(at(host, server.port()).expecting(server.id())));

        assertThat(await(echo(there, 20))).isTrue();
        InetAddress seen = ((InetSocketAddress) session(server, client).remoteAddress()).getAddress();
        assertThat(seen.isLoopbackAddress()).as("%s", seen).isTrue();
        assertThat(seen instanceof Inet6Address)
                .isEqualTo(((InetSocketAddress) there.remoteAddress()).getAddress() instanceof Inet6Address);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLinkLocalAddressIsServedAndDialledByItsScope(boolean atAllAddresses) throws SocketException {
        Optional<Inet6Address> own = linkLocal();
        Assumptions.assumeTrue(own.isPresent(), "no interface of this machine has a link-local address");
        String scoped = own.get().getHostAddress();
        PeerNode server = server(atAllAddresses ? "::" : scoped, 0);
        PeerNode client = nodes.start();

        PeerSession there = await(client.connect(at(scoped, server.port()).expecting(server.id())));

        assertThat(await(echo(there, 20))).isTrue();
        InetSocketAddress seen = (InetSocketAddress) there.remoteAddress();
        assertThat(((Inet6Address) seen.getAddress()).getScopeId()).isPositive();
    }

    private static Optional<Inet6Address> linkLocal() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .filter(PathsContractTest::isUp)
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet6Address && address.isLinkLocalAddress())
                .map(Inet6Address.class::cast)
                .findFirst();
    }

    private static boolean isUp(NetworkInterface one) {
        try {
            return one.isUp();
        } catch (SocketException e) {
            return false;
        }
    }

    // ---- ports that nobody has: the system is told by ICMP, and the session is not

    @Test
    void aDialFindsWhoBeginsToListenMeanwhile() throws Exception {
        PeerNode client = nodes.start();
        int port;
        CompletableFuture<PeerSession> dial;
        try (DatagramSocket deaf = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            deaf.setSoTimeout((int) PATIENCE.toMillis());
            port = deaf.getLocalPort();
            dial = client.connect(at("127.0.0.1", port)).toFuture();
            deaf.receive(new DatagramPacket(new byte[2_000], 2_000));
        }

        PeerNode server = server("127.0.0.1", port);

        PeerSession session = await(Mono.fromFuture(dial));
        assertThat(session.peer()).isEqualTo(server.id());
    }

    @Test
    void aPeerWhosePortIsGoneHarmsNoSessionBesideIt() {
        PeerNode gone = server("127.0.0.1", 0);
        PeerNode stays = server("127.0.0.1", 0);
        PeerNode client =
                nodes.start(spec -> spec.limits(NodeLimits.defaults().withSilenceLimit(Duration.ofSeconds(3))));
        PeerSession lost = connect(client, gone);
        PeerSession kept = connect(client, stays);

        nodes.cutOff(gone);
        Mono<Boolean> beside = Flux.range(0, 1_000)
                .concatMap(round -> echo(kept, 3))
                .takeUntilOther(lost.onClose())
                .all(whole -> whole);

        assertThat(await(beside)).isTrue();
        assertThat(await(lost.onClose()).error()).isIn(ErrorCode.SILENCE, ErrorCode.LINK_LOST);
        assertThat(await(echo(kept, 20))).isTrue();
        assertThat(nodes.told(client, ConnectionLost.class)).hasSize(1);
    }

    // ---- moves

    @Test
    protected void aSessionOutlivesThatItsPeerIsSeenAtAnotherPort() {
        PeerNode server = server("127.0.0.1", 0);
        PeerNode client = nodes.start();
        try (UdpRelay relay = new UdpRelay(address(server))) {
            PeerSession there = await(client.connect(relay.address().expecting(server.id())));
            PeerSession here = session(server, client);
            assertThat(await(echo(there, 20))).isTrue();
            CompletableFuture<Boolean> whole = echo(there, 600).toFuture();

            for (int move = 0; move < 3; move++) {
                long before = relay.relayed();
                awaitTrue("under way", () -> relay.relayed() > before + 500 || whole.isDone());
                relay.rebind();
            }

            assertThat(await(Mono.fromFuture(whole))).isTrue();
            assertThat(await(echo(there, 20))).isTrue();
            awaitTrue("seen there", () -> ((InetSocketAddress) here.remoteAddress()).getPort() == relay.port());
            assertThat(here.isDisposed()).isFalse();
            assertThat(server.liveSessions()).containsExactly(here);
        }
    }

    @Test
    void aServerThatSpeaksFirstIsHeardOnceAMovedPeerHasSpoken() {
        PeerNode server = server("127.0.0.1", 0);
        PeerNode client = nodes.start(PathsContractTest::serving);
        try (UdpRelay relay = new UdpRelay(address(server))) {
            PeerSession there = await(client.connect(relay.address().expecting(server.id())));
            PeerSession here = session(server, client);

            move(relay, here, there);

            assertThat(await(echo(here, 50))).isTrue();
            awaitTrue("counted", () -> server.stats().moves().followed() == 1);
            assertThat(server.stats().moves().unproven()).isZero();
        }
    }

    /** The client is seen at another port, and the server knows. Nothing that waits for an answer is under way from it meanwhile. */
    protected static void move(UdpRelay relay, PeerSession here, PeerSession there) {
        settle(here, there);
        int before = relay.port();
        relay.rebind();
        assertThat(relay.port()).isNotEqualTo(before);
        await(there.ping());
        awaitTrue("seen there", () -> ((InetSocketAddress) here.remoteAddress()).getPort() == relay.port());
    }
}
