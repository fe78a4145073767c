package io.weir.test.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.peer.PeerAddress;
import io.weir.test.network.BlackHole;
import io.weir.test.network.BurstLoss;
import io.weir.test.network.LinkProfile;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Plain sockets through the proxy. */
final class TcpImpairmentTest {

    private static final int PATIENCE_MILLIS = 5_000;

    private final ServerSocket listener = listener();
    private final TcpImpairment proxy =
            TcpImpairment.startNow(PeerAddress.tcp("127.0.0.1", listener.getLocalPort()), 1);

    private static ServerSocket listener() {
        try {
            ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            listener.setSoTimeout(PATIENCE_MILLIS);
            return listener;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private record Ends(Socket client, Socket server) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    private Ends connect() throws IOException {
        Socket client = dial();
        Socket server = listener.accept();
        server.setSoTimeout(PATIENCE_MILLIS);
        return new Ends(client, server);
    }

    private Socket dial() throws IOException {
        Socket client = new Socket(
                proxy.socketAddress().getAddress(), proxy.socketAddress().getPort());
        client.setSoTimeout(PATIENCE_MILLIS);
        return client;
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        listener.close();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static CompletableFuture<byte[]> readAll(Socket socket) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static void transfer(Socket from, Socket to, byte[] bytes) throws Exception {
        CompletableFuture<byte[]> read = readAll(to);
        from.getOutputStream().write(bytes);
        from.shutdownOutput();
        assertThat(read.get()).isEqualTo(bytes);
    }

    @Test
    void carriesBothWaysAndEachEndByItself() throws Exception {
        try (Ends ends = connect()) {
            transfer(ends.client, ends.server, bytes(3_000_000));
            transfer(ends.server, ends.client, bytes(100_000));
        }
    }

    @Test
    void rateLatencyJitterAndLossKeepTheOrder() throws Exception {
        proxy.profile(LinkProfile.PERFECT
                .withBytesPerSecond(5_000_000)
                .withLatency(Duration.ofMillis(2))
                .withJitter(Duration.ofMillis(5))
                .withLoss(0.05)
                .withQueueLimit(25));
        try (Ends ends = connect()) {
            transfer(ends.client, ends.server, bytes(200_000));
        }
        assertThat(proxy.decisions(Way.TO_TARGET)).anyMatch(decision -> decision.contains("lost: loss"));
    }

    @Test
    void duplicationAndReorderingAreNotSeen() throws Exception {
        proxy.profile(
                LinkProfile.PERFECT.withDuplication(0.5).withReordering(0.5).withMtu(576));
        try (Ends ends = connect()) {
            transfer(ends.client, ends.server, bytes(50_000));
        }
    }

    @Test
    void flippedBitsGetThrough() throws Exception {
        proxy.corruptionBeyondChecksum(Way.TO_TARGET, 1);
        try (Ends ends = connect()) {
            CompletableFuture<byte[]> read = readAll(ends.server);
            ends.client.getOutputStream().write(new byte[1_000]);
            ends.client.shutdownOutput();
            int ones = 0;
            for (byte b : read.get()) {
                ones += Integer.bitCount(b & 0xff);
            }
            assertThat(ones).isEqualTo(proxy.decisions(Way.TO_TARGET).size());
        }
    }

    @Test
    void partitionHoldsBytesUntilItHeals() throws Exception {
        try (Ends ends = connect()) {
            proxy.partition(Way.TO_TARGET);
            ends.client.getOutputStream().write(1);
            ends.server.getOutputStream().write(2);
            assertThat(ends.client.getInputStream().read()).isEqualTo(2);
            ends.server.setSoTimeout(50);
            InputStream held = ends.server.getInputStream();
            assertThatThrownBy(held::read).isInstanceOf(SocketTimeoutException.class);

            proxy.heal();
            ends.server.setSoTimeout(PATIENCE_MILLIS);
            assertThat(held.read()).isEqualTo(1);
        }
    }

    @Test
    void connectionThroughAPartitionIsMadeWhenItHeals() throws Exception {
        proxy.partition();
        try (Socket client = dial()) {
            client.getOutputStream().write(1);
            listener.setSoTimeout(50);
            assertThatThrownBy(listener::accept).isInstanceOf(SocketTimeoutException.class);

            proxy.heal();
            listener.setSoTimeout(PATIENCE_MILLIS);
            try (Socket server = listener.accept()) {
                assertThat(server.getInputStream().read()).isEqualTo(1);
            }
        }
    }

    @Test
    void blackHoleOpensByItself() throws Exception {
        try (Ends ends = connect()) {
            proxy.blackHole(new BlackHole(Duration.ofMillis(1), Duration.ofMillis(10)));
            for (int i = 0; i < 100; i++) {
                ends.client.getOutputStream().write(i);
                assertThat(ends.server.getInputStream().read()).isEqualTo(i);
            }
        }
    }

    @Test
    void resetReachesBothSides() throws Exception {
        try (Ends ends = connect()) {
            ends.client.getOutputStream().write(1);
            assertThat(ends.server.getInputStream().read()).isEqualTo(1);
            proxy.reset();
            assertThatThrownBy(() -> ends.client.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> ends.server.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void resetOfOneSideReachesTheOther() throws Exception {
        try (Ends ends = connect()) {
            ends.server.setSoLinger(true, 0);
            ends.server.close();
            assertThatThrownBy(() -> ends.client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void refusalByTheTargetResetsTheClient() throws Exception {
        listener.close();
        assertThatThrownBy(() -> {
                    try (Socket client = dial()) { // which the reset may meet too
                        client.getInputStream().read();
                    }
                })
                .isInstanceOf(SocketException.class)
                .isNotInstanceOf(ConnectException.class); // the proxy itself is there
    }

    @Test
    void halfCloseEndsOneDirection() throws Exception {
        try (Ends ends = connect()) {
            ends.client.getOutputStream().write(1);
            assertThat(ends.server.getInputStream().read()).isEqualTo(1);
            proxy.halfClose(Way.TO_TARGET);
            assertThat(ends.server.getInputStream().read()).isEqualTo(-1);

            ends.client.getOutputStream().write(2);
            ends.server.getOutputStream().write(3);
            assertThat(ends.client.getInputStream().read()).isEqualTo(3);
        }
    }

    @Test
    void readerThatStopsStopsTheWriter() throws Exception {
        try (Ends ends = connect()) {
            CompletableFuture<Long> written = CompletableFuture.supplyAsync(() -> {
                long sum = 0;
                try {
                    for (int i = 0; i < 4_096; i++) {
                        ends.client.getOutputStream().write(new byte[16 * 1024]);
                        sum += 16 * 1024;
                    }
                } catch (IOException e) {
                    return sum;
                }
                return sum;
            });
            awaitQuiet(Way.TO_TARGET);
            proxy.reset();
            // 64 MiB were offered; the proxy holds 1 MiB, and the kernel a few
            assertThat(written.get()).isLessThan(32L * 1024 * 1024);
        }
    }

    /** Until no more packets come for some turns of the proxy's loop that each take a millisecond. */
    private void awaitQuiet(Way way) throws Exception {
        long count = -1;
        for (int quiet = 0; quiet < 100; ) {
            long now = proxy.loop()
                    .schedule(() -> proxy.packets(way), 1, TimeUnit.MILLISECONDS)
                    .get();
            quiet = now == count && now > 0 ? quiet + 1 : 0;
            count = now;
        }
    }

    @Test
    void sameSeedDecidesTheSame() throws Exception {
        LinkProfile lossy = LinkProfile.PERFECT.withBurst(BurstLoss.of(0.01, 1)).withReordering(0.1);
        proxy.profile(lossy);
        try (TcpImpairment twin = TcpImpairment.startNow(PeerAddress.tcp("127.0.0.1", listener.getLocalPort()), 1);
                Ends ends = connect()) {
            twin.profile(lossy);
            transfer(ends.client, ends.server, bytes(50_000));
            try (Socket client = new Socket(
                            twin.socketAddress().getAddress(),
                            twin.socketAddress().getPort());
                    Socket server = listener.accept()) {
                transfer(client, server, bytes(50_000));
            }
            assertThat(twin.decisions(Way.TO_TARGET).subList(0, 35))
                    .isEqualTo(proxy.decisions(Way.TO_TARGET).subList(0, 35));
        }
    }
}
