package io.weir.reactive.transport.tcp;

import static io.weir.reactive.transport.LinkTestKit.await;
import static io.weir.reactive.transport.LinkTestKit.awaitEnd;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.LinkTestKit;
import io.weir.reactive.transport.TcpKeepAlive;
import io.weir.reactive.transport.TcpOptions;
import io.weir.reactive.transport.netty.GrantedBuffers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What sockets really have of the options, as the system tells it, at both ends of a connection. */
class TcpSocketOptionsTest {

    private static final PeerAddress ANYWHERE = PeerAddress.tcp("127.0.0.1", 0);

    private final List<TcpTransport> transports = new ArrayList<>();

    @AfterEach
    void dispose() {
        transports.forEach(transport -> awaitEnd(transport.disposeLater()));
    }

    private TcpTransport transport(TcpOptions options, boolean preferNative) {
        TcpTransport transport = new TcpTransport(1, options, preferNative);
        transports.add(transport);
        return transport;
    }

    private List<Channel> bothEnds(TcpOptions options, boolean preferNative) {
        LinkTestKit.Pair pair = LinkTestKit.pair(transport(options, preferNative), ANYWHERE);
        return List.of(((TcpLink) pair.dialled()).channel(), ((TcpLink) pair.accepted()).channel());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void buffersAreWhatWasAskedFor(boolean preferNative) {
        TcpOptions options =
                TcpOptions.defaults().withReceiveBufferBytes(100_000).withSendBufferBytes(150_000);

        assertThat(bothEnds(options, preferNative)).allSatisfy(channel -> {
            assertThat(GrantedBuffers.receiveBytes(channel)).isEqualTo(100_000);
            assertThat(GrantedBuffers.sendBytes(channel)).isEqualTo(150_000);
        });
    }

    /** A buffer that was set does not grow any more, so that the default must set none. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void buffersAreTheSystemsByDefault(boolean preferNative) throws IOException {
        int ofSystem;
        try (Socket plain = new Socket()) {
            ofSystem = plain.getReceiveBufferSize();
        }

        assertThat(bothEnds(TcpOptions.defaults(), preferNative))
                .allSatisfy(channel ->
                        assertThat(GrantedBuffers.receiveBytes(channel)).isBetween(ofSystem / 2, ofSystem * 2));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsWrittenGoesAtOnceOrMayWait(boolean preferNative) {
        assertThat(bothEnds(TcpOptions.defaults(), preferNative))
                .allMatch(channel -> channel.config().getOption(ChannelOption.TCP_NODELAY));
        assertThat(bothEnds(TcpOptions.defaults().withNoDelay(false), preferNative))
                .noneMatch(channel -> channel.config().getOption(ChannelOption.TCP_NODELAY));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theSystemAsksSilentPeersWhenItIsTold(boolean preferNative) {
        TcpKeepAlive timings = new TcpKeepAlive(Duration.ofMillis(76_001), Duration.ofSeconds(8), 9);

        assertThat(bothEnds(TcpOptions.defaults().withKeepAlive(timings), preferNative))
                .allSatisfy(channel -> {
                    assertThat(channel.config().getOption(ChannelOption.SO_KEEPALIVE))
                            .isTrue();
                    assertThat(keepAlive(channel)).containsExactly(77, 8, 9);
                });
        assertThat(bothEnds(TcpOptions.defaults(), preferNative))
                .noneMatch(channel -> channel.config().getOption(ChannelOption.SO_KEEPALIVE));
    }

    private static List<Object> keepAlive(Channel channel) {
        if (channel instanceof EpollSocketChannel) {
            return List.of(
                    channel.config().getOption(EpollChannelOption.TCP_KEEPIDLE),
                    channel.config().getOption(EpollChannelOption.TCP_KEEPINTVL),
                    channel.config().getOption(EpollChannelOption.TCP_KEEPCNT));
        }
        Map<ChannelOption<?>, Object> all = channel.config().getOptions();
        return List.of(named(all, "TCP_KEEPIDLE"), named(all, "TCP_KEEPINTERVAL"), named(all, "TCP_KEEPCOUNT"));
    }

    private static Object named(Map<ChannelOption<?>, Object> options, String name) {
        return options.entrySet().stream()
                .filter(option -> option.getKey() instanceof NioChannelOption<?> nio
                        && nio.name().equals(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    /** Linux takes one more than the backlog, and drops the SYN of the next. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @EnabledOnOs(OS.LINUX)
    void soManyWaitAtAListenerThatDoesNotAccept(boolean preferNative) throws Exception {
        int backlog = 3;
        LinkListener listener = await(transport(TcpOptions.defaults().withBacklog(backlog), preferNative)
                .listen(ANYWHERE, link -> {}));
        Channel listening = ((TcpListener) listener).channel();
        listening
                .eventLoop()
                .submit(() -> listening.config().setAutoRead(false))
                .sync();
        // What waits for a connection already gets one more.
        try (Socket first = new Socket("127.0.0.1", listener.address().port())) {
            assertThat(first.isConnected()).isTrue();
            assertThat(connected(listener.address().port(), 2 * backlog)).isBetween(backlog, backlog + 1);
        }
    }

    private static int connected(int port, int tries) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        int connected = 0;
        try {
            for (int i = 0; i < tries; i++) {
                Socket socket = new Socket();
                sockets.add(socket);
                socket.connect(new InetSocketAddress("127.0.0.1", port), 200);
                connected++;
            }
        } catch (SocketTimeoutException e) {
            return connected;
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        return connected;
    }

    /** Before the handshake of TCP, or its window could not grow beyond 64 KiB. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theListeningSocketHasTheReceiveBufferToo(boolean preferNative) {
        TcpOptions options = TcpOptions.defaults().withReceiveBufferBytes(1_000_000);

        LinkListener listener = await(transport(options, preferNative).listen(ANYWHERE, link -> {}));

        Channel listening = ((TcpListener) listener).channel();
        Assumptions.assumeTrue(
                GrantedBuffers.receiveBytes(bothEnds(options, preferNative).get(0)) == 1_000_000, "a low limit");
        assertThat(GrantedBuffers.receiveBytes(listening)).isEqualTo(1_000_000);
    }
}
