package io.weir.reactive.transport.tcp;

import static io.weir.reactive.transport.LinkTestKit.PATIENCE;
import static io.weir.reactive.transport.LinkTestKit.await;
import static io.weir.reactive.transport.LinkTestKit.awaitEnd;
import static io.weir.reactive.transport.LinkTestKit.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.AddressFamily;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.DialProgress;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.TcpOptions;
import io.weir.reactive.transport.dns.NameLookup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Dials to names whose addresses the test decides, on the loopback interface, all of whose addresses are of this machine. */
class TcpRaceTest {

    private static final Duration SHORT = Duration.ofMillis(300);

    private final FixedNames names = new FixedNames();
    private final TcpTransport transport =
            new TcpTransport(2, TcpOptions.defaults(), true, loops -> names, client -> client);
    private final TcpTransport server = new TcpTransport(1, TcpOptions.defaults(), true);

    @AfterEach
    void everythingEnds() {
        awaitEnd(transport.disposeLater());
        awaitEnd(server.disposeLater());
    }

    @ParameterizedTest
    @CsvSource({
        "::1, 127.0.0.1, ::1",
        "'', 127.0.0.1, 127.0.0.1",
        "::1, '', ::1",
        "'', 127.0.0.2 127.0.0.1, 127.0.0.2",
    })
    void theFirstAddressIsTakenWhereAllAnswer(String v6, String v4, String taken) {
        LinkListener listener = listening("::");
        names.are(v6, v4);

        assertThat(host(dialled(listener.address().port()))).isEqualTo(address(taken));
    }

    @Test
    void anAddressThatRefusesIsFollowedByTheNext() {
        LinkListener listener = listening("127.0.0.1");
        names.are("::1", "127.0.0.3 127.0.0.1");

        assertThat(host(dialled(listener.address().port()))).isEqualTo(address("127.0.0.1"));
        awaitTrue("only the winner lives", () -> transport.links() == 1);
    }

    @Test
    void anAddressThatDoesNotAnswerIsOvertakenAndGivenUp() throws IOException {
        LinkListener listener = listening("127.0.0.1");
        int port = listener.address().port();
        try (Full full = new Full("127.0.0.2", port)) {
            names.are("", full.host() + " 127.0.0.1");

            assertThat(host(dialled(port))).isEqualTo(address("127.0.0.1"));
            awaitTrue("the attempt that was overtaken is closed", () -> transport.links() == 1);
        }
    }

    @Test
    void whereNoneCanBeReachedEachIsNamedWithItsCause() {
        int port = closedPort();
        names.are("::1", "127.0.0.1 127.0.0.2");

        StepVerifier.create(dial(port, PATIENCE))
                .expectErrorSatisfies(e -> {
                    assertThat(((ConnectException) e).reason().error()).isEqualTo(ErrorCode.CONNECT_FAILED);
                    assertThat(e.getCause())
                            .message()
                            .startsWith("cannot connect to tcp://peer.test:" + port)
                            .contains("[::1]:" + port + ": ", "127.0.0.1:" + port + ": ", "127.0.0.2:" + port + ": ")
                            .containsIgnoringCase("refused");
                    assertThat(e.getCause().getCause().getSuppressed()).hasSize(3);
                })
                .verify(PATIENCE);
        awaitTrue("no link is left", () -> transport.links() == 0);
    }

    @Test
    void theTimeIsForAllTogether() throws IOException {
        int port = closedPort();
        try (Full full = new Full("127.0.0.2", port)) {
            names.are("", "127.0.0.1 " + full.host());

            StepVerifier.create(dial(port, SHORT))
                    .expectErrorSatisfies(e -> {
                        assertThat(((ConnectException) e).reason().error()).isEqualTo(ErrorCode.CONNECT_FAILED);
                        assertThat(e.getCause())
                                .message()
                                .contains(
                                        "127.0.0.1:" + port + ": ", "127.0.0.2:" + port + ": no answer within 300 ms");
                    })
                    .verify(PATIENCE);
            awaitTrue("no link is left", () -> transport.links() == 0);
        }
    }

    @Test
    void aNameThatNobodyKnowsIsUnresolved() {
        names.answer(AddressFamily.IPV6, Mono.error(new UnknownHostException("no AAAA")));
        names.answer(AddressFamily.IPV4, Mono.error(new UnknownHostException("no A")));

        StepVerifier.create(dial(1, PATIENCE))
                .expectErrorSatisfies(e -> {
                    assertThat(((ConnectException) e).reason().error()).isEqualTo(ErrorCode.UNRESOLVED);
                    assertThat(e.getCause())
                            .message()
                            .contains("the name 'peer.test' could not be looked up", "IPV6: no AAAA", "IPV4: no A");
                })
                .verify(PATIENCE);
    }

    @Test
    void aNameWithNoAddressesIsUnresolved() {
        names.are("", "");

        StepVerifier.create(dial(1, PATIENCE))
                .expectErrorSatisfies(
                        e -> assertThat(((ConnectException) e).reason().error()).isEqualTo(ErrorCode.UNRESOLVED))
                .verify(PATIENCE);
    }

    @Test
    void aNameThatNobodyAnswersForIsUnresolvedInTime() {
        names.answer(AddressFamily.IPV6, Mono.never());
        names.answer(AddressFamily.IPV4, Mono.never());

        StepVerifier.create(dial(1, SHORT))
                .expectErrorSatisfies(e -> {
                    assertThat(((ConnectException) e).reason().error()).isEqualTo(ErrorCode.UNRESOLVED);
                    assertThat(e.getCause()).hasMessageContaining("not resolved within 300 ms");
                })
                .verify(PATIENCE);
    }

    @Test
    void oneFamilyThatNobodyAnswersForDoesNotKeepBackTheOther() {
        LinkListener listener = listening("::");
        names.are("", "127.0.0.1");
        names.answer(AddressFamily.IPV6, Mono.never());

        assertThat(host(dialled(listener.address().port()))).isEqualTo(address("127.0.0.1"));
    }

    @Test
    void aNameThatHasMovedIsFoundAgain() {
        LinkListener listener = listening("::");
        int port = listener.address().port();
        names.are("", "127.0.0.2");
        assertThat(host(dialled(port))).isEqualTo(address("127.0.0.2"));
        names.are("", "127.0.0.3");

        assertThat(host(dialled(port))).isEqualTo(address("127.0.0.3"));
    }

    @Test
    void stagesAreToldAndThatOfALiteralsNameIsLeftOut() {
        LinkListener listener = listening("::");
        int port = listener.address().port();
        names.are("::1", "127.0.0.1");
        Told byName = new Told(to -> {});
        Told byLiteral = new Told(to -> {});

        await(transport.connect(PeerAddress.tcp("peer.test", port), PATIENCE, byName));
        await(transport.connect(PeerAddress.tcp("::1", port), PATIENCE, byLiteral));

        assertThat(byName.all).containsExactly("resolving", "connecting");
        assertThat(byLiteral.all).containsExactly("connecting");
        assertThat(names.asked).hasValue(2);
    }

    @Test
    void addressesThatMustNotBeTriedAreNot() {
        LinkListener listener = listening("::");
        int port = listener.address().port();
        names.are("::1", "127.0.0.1");
        Told told = new Told(to -> {});
        told.forbidden = new InetSocketAddress(address("::1"), port);
        Link link = await(transport.connect(PeerAddress.tcp("peer.test", port), PATIENCE, told));
        assertThat(host(link)).isEqualTo(address("127.0.0.1"));

        names.are("::1", "");
        StepVerifier.create(transport.connect(PeerAddress.tcp("peer.test", port), PATIENCE, told))
                .expectErrorSatisfies(
                        e -> assertThat(((ConnectException) e).reason().error()).isEqualTo(ErrorCode.SELF_CONNECT))
                .verify(PATIENCE);
    }

    /** Cancelled after the name, within the attempts: one has failed, one hangs, one is still to come. */
    @Test
    void cancellingLeavesNothing() throws IOException {
        int port = closedPort();
        try (Full full = new Full("127.0.0.2", port)) {
            names.are("::1", full.host() + " 127.0.0.3");
            AtomicInteger tried = new AtomicInteger();
            Disposable dial = transport
                    .connect(PeerAddress.tcp("peer.test", port), PATIENCE, new Told(to -> tried.incrementAndGet()))
                    .subscribe();
            awaitTrue("the second is tried", () -> tried.get() >= 2);
            dial.dispose();

            awaitTrue("no link is left", () -> transport.links() == 0);
        }
    }

    // ---- how

    private LinkListener listening(String host) {
        return await(server.listen(PeerAddress.tcp(host, 0), link -> {}));
    }

    private Mono<Link> dial(int port, Duration timeout) {
        return transport.connect(PeerAddress.tcp("peer.test", port), timeout);
    }

    private Link dialled(int port) {
        return await(dial(port, PATIENCE));
    }

    private static InetAddress host(Link link) {
        return ((InetSocketAddress) link.remoteAddress()).getAddress();
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** A port that was free a moment ago, in both families. */
    private static int closedPort() {
        try (ServerSocket socket = new ServerSocket(0, 1, address("::"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Told implements DialProgress {
        private final ConcurrentLinkedQueue<String> all = new ConcurrentLinkedQueue<>();
        private final Consumer<SocketAddress> tried;
        private volatile @Nullable SocketAddress forbidden;

        Told(Consumer<SocketAddress> tried) {
            this.tried = tried;
        }

        @Override
        public void resolving() {
            all.add("resolving");
        }

        @Override
        public void connecting() {
            all.add("connecting");
        }

        @Override
        public boolean mayTry(SocketAddress address) {
            tried.accept(address);
            return !address.equals(forbidden);
        }
    }

    /** A listener whose queue is full: it drops whoever would connect, unheard. */
    private static final class Full implements AutoCloseable {
        private final String host;
        private final ServerSocket listener;
        private final List<SocketChannel> waiting = new ArrayList<>();

        Full(String host, int port) throws IOException {
            this.host = host;
            listener = new ServerSocket(port, 1, address(host));
            for (int i = 0; i < 8; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(new InetSocketAddress(host, port));
                waiting.add(channel);
            }
        }

        String host() {
            return host;
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
            listener.close();
        }
    }

    private static final class FixedNames implements NameLookup {
        private final Map<AddressFamily, Mono<List<InetAddress>>> answers = new EnumMap<>(AddressFamily.class);
        private final AtomicInteger asked = new AtomicInteger();

        void are(String v6, String v4) {
            answer(AddressFamily.IPV6, Mono.just(addresses(v6)));
            answer(AddressFamily.IPV4, Mono.just(addresses(v4)));
        }

        void answer(AddressFamily family, Mono<List<InetAddress>> answer) {
            answers.put(family, answer);
        }

        private static List<InetAddress> addresses(String text) {
            return Arrays.stream(text.split(" "))
                    .filter(literal -> !literal.isEmpty())
                    .map(TcpRaceTest::address)
                    .toList();
        }

        @Override
        public Mono<List<InetAddress>> lookUp(String name, AddressFamily family, EventLoop loop) {
            assertThat(name).isEqualTo("peer.test");
            asked.incrementAndGet();
            return Objects.requireNonNull(answers.get(family));
        }
    }
}
