package io.weir.reactive.transport.tcp;

import static io.weir.reactive.transport.LinkTestKit.PATIENCE;
import static io.weir.reactive.transport.LinkTestKit.await;
import static io.weir.reactive.transport.LinkTestKit.awaitEnd;
import static io.weir.reactive.transport.LinkTestKit.awaitStandstill;
import static io.weir.reactive.transport.LinkTestKit.awaitTrue;
import static io.weir.reactive.transport.LinkTestKit.send;
import static io.weir.reactive.transport.LinkTestKit.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ListenException;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.LinkTestKit.Accepted;
import io.weir.reactive.transport.LinkTransport;
import io.weir.reactive.transport.TcpOptions;
import io.weir.reactive.transport.TransportContractTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The contract over TCP on the loopback interface, and what plain sockets at the other end do to a link. */
class TcpTransportTest extends TransportContractTest {
    @Override
    protected LinkTransport newTransport() {
        return new TcpTransport(2, TcpOptions.defaults(), true);
    }

    @Override
    protected LinkTransport newTransportOfSameWorld() {
        return newTransport();
    }

    @Override
    protected PeerAddress anywhere() {
        return PeerAddress.tcp("127.0.0.1", 0);
    }

    /** A port that was free a moment ago. */
    @Override
    protected PeerAddress nowhere() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return PeerAddress.tcp("127.0.0.1", socket.getLocalPort());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The kernel's buffers of both ends, 4 MiB and 6 MiB at most by default, and the two records of the link. */
    @Override
    protected long mayBeHeldBytes() {
        return 16 << 20;
    }

    @Override
    protected long largeVolumeBytes() {
        return 48 << 20;
    }

    @Test
    void reportsTheRealPortAndBothAddresses() {
        Accepted accepted = new Accepted();
        LinkListener listener = await(transport().listen(anywhere(), accepted::add));

        Link dialled = await(transport().connect(listener.address(), PATIENCE));
        Link link = accepted.next();

        assertThat(listener.address().port()).isPositive();
        assertThat(((InetSocketAddress) dialled.remoteAddress()).getPort())
                .isEqualTo(listener.address().port());
        assertThat(link.remoteAddress()).isEqualTo(dialled.localAddress());
        assertThat(link.localAddress()).isEqualTo(dialled.remoteAddress());
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "localhost"})
    void theUnspecifiedAddressServesBothFamilies(String host) {
        Accepted accepted = new Accepted();
        LinkListener listener = await(transport().listen(PeerAddress.tcp("::", 0), accepted::add));

        await(transport().connect(PeerAddress.tcp(host, listener.address().port()), PATIENCE));

        accepted.next();
        assertThat(listener.address().host()).isEqualTo("::");
    }

    @Test
    void anUnknownNameIsUnresolved() {
        StepVerifier.create(transport().connect(PeerAddress.tcp("no-such-host.invalid", 7400), Duration.ofSeconds(3)))
                .expectErrorSatisfies(
                        e -> assertThat(((ConnectException) e).reason().error()).isEqualTo(ErrorCode.UNRESOLVED))
                .verify(PATIENCE);
    }

    @Test
    void listeningAtSomebodyElsesAddressFailsTyped() {
        StepVerifier.create(transport().listen(PeerAddress.tcp("192.0.2.1", 0), link -> {}))
                .expectErrorSatisfies(
                        e -> assertThat(((ListenException) e).reason().error()).isEqualTo(ErrorCode.BIND_FAILED))
                .verify(PATIENCE);
    }

    @Test
    void portZeroCannotBeDialled() {
        StepVerifier.create(transport().connect(PeerAddress.tcp("127.0.0.1", 0), PATIENCE))
                .expectErrorSatisfies(
                        e -> assertThat(((ConnectException) e).reason().error()).isEqualTo(ErrorCode.ADDRESS_UNUSABLE))
                .verify(PATIENCE);
    }

    /** A listener whose queue is full drops the SYN: the dial hangs until its own time is up. */
    @Test
    void aDialThatNobodyAnswersEndsInTime() throws IOException {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PeerAddress address = PeerAddress.tcp("127.0.0.1", full.getLocalPort());

            Mono<Long> failures = Flux.range(0, 8)
                    .flatMap(i -> transport()
                            .connect(address, Duration.ofMillis(300))
                            .map(link -> false)
                            .onErrorResume(ConnectException.class, e -> {
                                assertThat(e.reason().error()).isEqualTo(ErrorCode.CONNECT_FAILED);
                                return Mono.just(true);
                            }))
                    .filter(failed -> failed)
                    .count();

            assertThat(await(failures)).isPositive();
        }
    }

    @Test
    void aResetByThePeerIsAnError() throws IOException {
        Accepted accepted = new Accepted();
        LinkListener listener = await(transport().listen(anywhere(), accepted::add));
        Socket socket = new Socket("127.0.0.1", listener.address().port());
        Link link = accepted.next();
        Mono<String> reading = text(link).cache();
        reading.subscribe(text -> {}, e -> {});
        Mono<Void> sending = link.send(Flux.never()).cache();
        sending.subscribe(end -> {}, e -> {});

        socket.setSoLinger(true, 0);
        socket.close();

        StepVerifier.create(reading).expectError(IOException.class).verify(PATIENCE);
        StepVerifier.create(sending).expectError(IOException.class).verify(PATIENCE);
        awaitEnd(link.onClose());
    }

    @Test
    void aResetBeforeAnybodyReadsIsToldToTheLateReader() throws IOException {
        Accepted accepted = new Accepted();
        LinkListener listener = await(transport().listen(anywhere(), accepted::add));
        Socket socket = new Socket("127.0.0.1", listener.address().port());
        Link link = accepted.next();
        socket.setSoLinger(true, 0);
        socket.close();

        StepVerifier.create(text(link)).expectError(IOException.class).verify(PATIENCE);
        awaitEnd(link.onClose());
    }

    @Test
    void aPeerThatHangsUpBeforeAnybodyReadsLosesNothing() throws IOException {
        Accepted accepted = new Accepted();
        LinkListener listener = await(transport().listen(anywhere(), accepted::add));
        Socket socket = new Socket("127.0.0.1", listener.address().port());
        Link link = accepted.next();
        socket.getOutputStream().write("goodbye".getBytes());
        socket.close();
        // Netty reads on its own when the peer hangs up; give it the chance.
        awaitEnd(Mono.delay(Duration.ofMillis(100)));

        assertThat(await(text(link))).isEqualTo("goodbye");
    }

    @Test
    void aSocketThatDoesNotReadStopsTheSenderUntilItDoes() throws IOException {
        Accepted accepted = new Accepted();
        LinkListener listener = await(transport().listen(anywhere(), accepted::add));
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(64 * 1024);
            socket.connect(new InetSocketAddress("127.0.0.1", listener.address().port()));
            Link link = accepted.next();
            AtomicLong records = new AtomicLong();
            byte[] record = new byte[32 * 1024];
            int total = 1_024;
            CompletableFuture<Void> sending = link.send(Flux.range(0, total)
                            .doOnNext(i -> records.incrementAndGet())
                            .map(i -> ByteBuffer.wrap(record)))
                    .toFuture();

            long stoppedAt = awaitStandstill(records::get);
            assertThat(stoppedAt).isLessThan(total / 2);
            assertThat(sending).isNotDone();

            InputStream in = socket.getInputStream();
            assertThat(in.readNBytes(total * record.length)).hasSize(total * record.length);
            awaitEnd(Mono.fromFuture(sending));
        }
    }

    @Test
    void aCrowdOfEmptyConnectsHarmsNobody() throws IOException {
        Accepted accepted = new Accepted();
        LinkListener listener = await(transport().listen(anywhere(), link -> {
            accepted.add(link);
            link.inbound().subscribe(chunk -> {}, e -> {}, link::close);
        }));

        for (int i = 0; i < 500; i++) {
            Socket socket = new Socket("127.0.0.1", listener.address().port());
            if (i % 2 == 0) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
            awaitEnd(accepted.next().onClose());
        }

        Link dialled = await(transport().connect(listener.address(), PATIENCE));
        awaitEnd(send(dialled, "still served"));
        accepted.next();
    }

    /** One failure is a stranger's and costs nothing; with 1,000 in a row accepting pauses, and goes on by itself. */
    @ParameterizedTest
    @CsvSource({"1, true", "1000, false"})
    void aListenerWhoseAcceptFailedAcceptsTheNext(int failures, boolean acceptingAtOnce) {
        Accepted accepted = new Accepted();
        LinkListener listener = await(transport().listen(anywhere(), accepted::add));
        Channel listening = ((TcpListener) listener).channel();

        CompletableFuture<Boolean> accepting = CompletableFuture.supplyAsync(
                () -> {
                    for (int i = 0; i < failures; i++) {
                        listening.pipeline().fireExceptionCaught(new IOException("on purpose"));
                    }
                    return listening.config().isAutoRead();
                },
                listening.eventLoop());
        assertThat(await(Mono.fromFuture(accepting))).isEqualTo(acceptingAtOnce);

        await(transport().connect(listener.address(), PATIENCE));
        accepted.next();
        assertThat(listening.config().isAutoRead()).isTrue();
    }

    /**
     * Netty 4.2.18 takes a socket whose peer has ended its output out of epoll as long as nothing is waited for, and does
     * not put it back when a write has to wait: such a write fails, and the link is lost. Sessions do not depend on it:
     * they close a link whose peer has said END.
     */
    @Override
    @Test
    @Disabled("a defect of Netty 4.2.18's epoll registration; see the comment")
    protected void carriesLargeVolumesToAPeerThatHasEndedItsOutput() {
        carryLargeVolumesToAPeerThatHasEndedItsOutput();
    }

    @Test
    void usesDaemonThreadsOfItsOwnThatEnd() {
        TcpTransport other = TcpTransport.create(1);
        LinkListener listener = await(other.listen(anywhere(), link -> {}));
        Link link = await(other.connect(listener.address(), PATIENCE));
        Thread loopThread =
                await(Mono.<Thread>create(sink -> link.loop().execute(() -> sink.success(Thread.currentThread()))));

        assertThat(loopThread.isDaemon()).isTrue();
        assertThat(loopThread.getName()).startsWith("weir-tcp");
        awaitEnd(other.disposeLater());
        awaitTrue("the thread has ended", () -> !loopThread.isAlive());
    }
}
