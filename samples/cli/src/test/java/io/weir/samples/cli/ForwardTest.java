package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.identity.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code weir forward}: a client here, a server there, and nothing but a stream between. */
final class ForwardTest {

    private static final long SEED = 20_260_104;
    private static final int PATIENCE_MILLIS = 30_000;

    /** One for each task: these block, and on JDK 25 the common pool of a small machine has a single thread for all. */
    private static final Executor THREADS = task -> new Thread(task).start();

    @TempDir
    private Path folder;

    private final List<ToolRun> runs = new ArrayList<>();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
        server.setSoTimeout(PATIENCE_MILLIS);
    }

    @AfterEach
    void breakOff() throws Exception {
        server.close();
        for (ToolRun run : runs) {
            run.interrupt();
            run.exitCode();
        }
    }

    @ParameterizedTest
    @CsvSource({"tcp, true", "tcp, false", "udp, true", "udp, false", "quic, true", "quic, false"})
    void bothDirectionsArriveWhole(String scheme, boolean acceptingEndDials) throws Exception {
        byte[] there = random(3_000_001);
        byte[] back = random(2_000_003);
        try (Socket client = connect(forward(scheme, acceptingEndDials));
                Socket accepted = server.accept()) {
            CompletableFuture<byte[]> arrivedThere = CompletableFuture.supplyAsync(() -> readAll(accepted), THREADS);
            CompletableFuture<byte[]> arrivedHere = CompletableFuture.supplyAsync(() -> readAll(client), THREADS);
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> writeAndEnd(client, there), THREADS);
            writeAndEnd(accepted, back);

            assertThat(arrivedThere.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo(there);
            assertThat(arrivedHere.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo(back);
            sent.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    void directionThatHasEndedLeavesTheOtherOpen() throws Exception {
        try (Socket client = connect(forward("tcp", true));
                Socket accepted = server.accept()) {
            writeAndEnd(client, new byte[] {1, 2, 3});
            assertThat(readAll(accepted)).containsExactly(1, 2, 3);

            OutputStream answer = accepted.getOutputStream();
            for (int i = 0; i < 3; i++) {
                answer.write(i);
                assertThat(client.getInputStream().read()).isEqualTo(i);
            }
            accepted.shutdownOutput();

            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void endThatNobodyHasAnsweredYetReachesTheOtherSide() throws Exception {
        try (Socket client = connect(forward("tcp", true));
                Socket accepted = server.accept()) {
            accepted.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);

            writeAndEnd(client, new byte[] {7});

            assertThat(readAll(accepted)).containsExactly(7);
        }
    }

    /** All that the sockets, the windows and the elements ahead hold, and not a byte more. */
    @Test
    void writerStopsWhileNobodyReads() throws Exception {
        InetSocketAddress place = forward("tcp", true);
        try (SocketChannel client = SocketChannel.open(place);
                Socket accepted = server.accept()) {
            client.configureBlocking(false);
            ByteBuffer chunk = ByteBuffer.allocate(64 * 1024);
            long written = 0;
            long lastProgress = System.nanoTime();
            while (System.nanoTime() - lastProgress < TimeUnit.MILLISECONDS.toNanos(500)) {
                int length = client.write(chunk.clear());
                if (length > 0) {
                    written += length;
                    lastProgress = System.nanoTime();
                }
                assertThat(written).isLessThan(64_000_000);
            }

            client.shutdownOutput();

            long arrived = 0;
            InputStream in = accepted.getInputStream();
            byte[] buffer = new byte[64 * 1024];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                arrived += length;
            }
            assertThat(arrived).isEqualTo(written);
        }
    }

    @Test
    void programsGetThePlacesAsObjects() throws Exception {
        ToolRun accepting = start("forward", "--listen", "tcp://127.0.0.1:0", "--accept", "127.0.0.1:0", "--json");

        accepting.out().awaitLine("\\{\"accepting\":\"127\\.0\\.0\\.1:[1-9]\\d*\"}");

        assertThat(accepting.out().text().lines())
                .hasSize(2)
                .first()
                .asString()
                .matches("\\{\"address\":\"tcp://.*\",\"addresses\":\\[.*],\"ticket\":\"weir1[\\w-]+\"}");
    }

    @Test
    void manyConnectionsAreCarriedAtOnce() throws Exception {
        InetSocketAddress place = forward("tcp", true);
        List<Socket> clients = new ArrayList<>();
        List<Socket> accepted = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            clients.add(connect(place));
            accepted.add(server.accept());
        }
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).getOutputStream().write(i);
        }

        List<Integer> arrived = new ArrayList<>();
        for (Socket socket : accepted) {
            int first = socket.getInputStream().read();
            arrived.add(first);
            socket.getOutputStream().write(first + 1);
        }

        assertThat(arrived).doesNotHaveDuplicates().hasSize(60);
        for (int i = 0; i < clients.size(); i++) {
            assertThat(clients.get(i).getInputStream().read()).isEqualTo(i + 1);
            clients.get(i).close();
            accepted.get(i).close();
        }
    }

    @Test
    void connectionThatIsResetIsResetAtTheOtherSide() throws Exception {
        Socket client = connect(forward("tcp", true));
        try (Socket accepted = server.accept()) {
            client.getOutputStream().write(1);
            assertThat(accepted.getInputStream().read()).isEqualTo(1);

            client.setSoLinger(true, 0);
            client.close();

            assertThatThrownBy(() -> accepted.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void connectionIsBrokenOffWhereNobodyListensBehind() throws Exception {
        InetSocketAddress place = forward("tcp", true);
        server.close();

        try (Socket client = connect(place)) {
            assertThatThrownBy(() -> readOne(client)).isInstanceOf(SocketException.class);
        }
        runs.get(0).err().await("127.0.0.1:" + server.getLocalPort() + ": Connection refused\n");
        runs.get(1).err().await("broken off at the other end: its connection failed (APPLICATION_ERROR)");
    }

    @Test
    void peerThatForwardsNothingIsSaid() throws Exception {
        ToolRun serving = start("serve", "--exec", "cat");
        ToolRun accepting = start("forward", serving.address(), "--accept", "127.0.0.1:0");

        try (Socket client = connect(place(accepting))) {
            assertThatThrownBy(() -> readOne(client)).isInstanceOf(SocketException.class);
            accepting
                    .err()
                    .await("\n127.0.0.1:" + client.getLocalPort()
                            + ": broken off: the peer does not take this: is another weir command running there?");
        }
    }

    @Test
    void connectionsBeyondTheirNumberAreBrokenOff() throws Exception {
        InetSocketAddress place = forward("tcp", true, "--connections", "1");
        try (Socket first = connect(place);
                Socket accepted = server.accept();
                Socket second = connect(place)) {
            assertThatThrownBy(() -> readOne(second)).isInstanceOf(SocketException.class);

            first.getOutputStream().write(5);
            assertThat(accepted.getInputStream().read()).isEqualTo(5);
        }
        runs.get(1).err().await("broken off, there are 1 connections already");
    }

    @Test
    void peerThatIsBackCarriesAgain() throws Exception {
        String key = folder.resolve("key").toString();
        ToolRun.run("keygen", key);
        String target = "127.0.0.1:" + server.getLocalPort();
        ToolRun listening = start("forward", "--listen", "tcp://127.0.0.1:0", "--identity", key, "--connect", target);
        String address = listening.address();
        ToolRun accepting = start("forward", address, "--accept", "127.0.0.1:0");
        InetSocketAddress place = place(accepting);
        connect(place).close();
        server.accept().close();

        listening.interrupt();
        listening.exitCode();
        start("forward", "--listen", address.replaceAll("#.*", ""), "--identity", key, "--connect", target);

        try (Socket client = connect(place);
                Socket accepted = server.accept()) {
            client.getOutputStream().write(9);
            assertThat(accepted.getInputStream().read()).isEqualTo(9);
        }
    }

    @Test
    void peerThatIsNotAllowedIsNotAdmitted() throws Exception {
        ToolRun listening = start(
                "forward",
                "--listen",
                "tcp://127.0.0.1:0",
                "--connect",
                "127.0.0.1:1",
                "--allow",
                Identity.generate().peerId().toString());

        ToolRun stranger = ToolRun.run("forward", listening.address(), "--accept", "127.0.0.1:0");

        assertThat(stranger.exitCode()).as(stranger.err().text()).isEqualTo(ExitCode.NOT_TRUSTED);
    }

    @Test
    void portThatIsTakenIsSaid() throws Exception {
        ToolRun listening = ToolRun.run(
                "forward", "--listen", "tcp://127.0.0.1:0", "--accept", "127.0.0.1:" + server.getLocalPort());

        assertThat(listening.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(listening.err().text())
                .contains("cannot accept at 127.0.0.1:" + server.getLocalPort() + ": Address already in use\n");
    }

    /** Both ends; the one that connects is started first where it listens. Returns where connections are accepted. */
    private InetSocketAddress forward(String scheme, boolean acceptingEndDials, String... more) throws Exception {
        String target = "127.0.0.1:" + server.getLocalPort();
        String listen = scheme + "://127.0.0.1:0";
        if (acceptingEndDials) {
            ToolRun connecting = start("forward", "--listen", listen, "--connect", target);
            return place(start(joined(List.of("forward", connecting.address(), "--accept", "127.0.0.1:0"), more)));
        }
        ToolRun accepting = start(joined(List.of("forward", "--listen", listen, "--accept", "127.0.0.1:0"), more));
        start("forward", accepting.address(), "--connect", target).err().await("connected to");
        return place(accepting);
    }

    private static String[] joined(List<String> args, String... more) {
        List<String> all = new ArrayList<>(args);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private ToolRun start(String... args) {
        ToolRun run = ToolRun.start(args);
        runs.add(run);
        return run;
    }

    private static InetSocketAddress place(ToolRun accepting) throws InterruptedException {
        String all = accepting.out().awaitLine("127\\.0\\.0\\.1:\\d+");
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(all.substring(all.lastIndexOf(':') + 1)));
    }

    private static Socket connect(InetSocketAddress place) throws IOException {
        Socket socket = new Socket(place.getAddress(), place.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static int readOne(Socket socket) throws IOException {
        int read = socket.getInputStream().read();
        if (read < 0) {
            throw new SocketException("it was closed in good order");
        }
        return read;
    }

    private static byte[] readAll(Socket socket) {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void writeAndEnd(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(SEED + size).nextBytes(bytes);
        return bytes;
    }
}
