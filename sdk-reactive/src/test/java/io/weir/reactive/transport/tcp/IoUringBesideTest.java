package io.weir.reactive.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.LinkTestKit;
import io.weir.reactive.transport.TcpOptions;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.netty.tcp.TcpServer;

/**
 * Netty's io_uring on the class path, as netty-all brings it, in a JVM of its own. Reactor Netty takes it before epoll then
 * and drops the options of epoll. The build puts its jars beside the test classes; the other tests do not have them.
 */
class IoUringBesideTest {

    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    private Path folder;

    @Test
    void epollIsTakenByNameAndItsOptionsHold() throws Exception {
        Path jars = Path.of(IoUringBesideTest.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolveSibling("io_uring");
        Assumptions.assumeTrue(Epoll.isAvailable() && Files.isDirectory(jars), "epoll, and the jars in " + jars);

        String said = run(jars);

        Assumptions.assumeTrue(said.contains("io_uring: true"), said);
        assertThat(said)
                .contains("left to itself: IoUring")
                .contains("listening: EpollServerSocketChannel", "thread: weir-tcp-epoll-")
                .contains("dialled: EpollSocketChannel 131072", "accepted: EpollSocketChannel 131072");
    }

    private String run(Path jars) throws IOException, InterruptedException {
        String classPath;
        try (Stream<Path> found = Files.list(jars)) {
            classPath = found.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        }
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path") + File.pathSeparator + classPath,
                        InOwnJvm.class.getName()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly().onExit().join();
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    /** Says what is taken there. */
    static final class InOwnJvm {

        private InOwnJvm() {}

        public static void main(String[] args) throws Exception {
            Class<?> ioUring = Class.forName("io.netty.channel.uring.IoUring");
            say("io_uring: " + ioUring.getMethod("isAvailable").invoke(null));
            Channel other = TcpServer.create().host("127.0.0.1").bindNow().channel();
            say("left to itself: " + other.getClass().getSimpleName());

            TcpTransport transport = new TcpTransport(1, TcpOptions.defaults(), true);
            CompletableFuture<String> thread = new CompletableFuture<>();
            CompletableFuture<Link> accepted = new CompletableFuture<>();
            LinkListener listener = LinkTestKit.await(transport.listen(PeerAddress.tcp("127.0.0.1", 0), link -> {
                thread.complete(Thread.currentThread().getName());
                accepted.complete(link);
            }));
            Link dialled = LinkTestKit.await(transport.connect(listener.address(), LinkTestKit.PATIENCE));
            say("thread: " + thread.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            say("dialled: " + described(((TcpLink) dialled).channel()));
            say("accepted: " + described(((TcpLink) accepted.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).channel()));
            say("listening: " + described(((TcpLink) accepted.get()).channel().parent()));
            System.exit(0);
        }

        private static String described(Channel channel) {
            return channel.getClass().getSimpleName()
                    + (channel instanceof EpollSocketChannel epoll
                            ? " " + epoll.config().getTcpNotSentLowAt()
                            : "");
        }

        private static void say(String line) {
            System.out.println(line);
        }
    }
}
