package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeStats;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A node in a process that may have few files open, and strangers, or its own program, who take them all. */
class FewFilesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(300);
    private static final int FILES = 256;
    private static final int STRANGERS = 2 * FILES;

    @Test
    @Timeout(180)
    void pausesAcceptingWhileThereIsNoFileLeftAndItsSessionsGoOn() throws Exception {
        List<SocketChannel> strangers = new ArrayList<>();
        PeerNode friend = Weir.node().startNow(PATIENCE);
        PeerNode newcomer = Weir.node().startNow(PATIENCE);
        try (NodeInOwnJvm own = NodeInOwnJvm.start("ulimit -n " + FILES, InOwnJvm.class)) {
            PeerSession session = friend.connectNow(own.address(), PATIENCE);
            newcomer.connectNow(own.address(), PATIENCE).close().block(PATIENCE);

            assertThat(ask(session))
                    .as("and all classes are loaded, which takes files too")
                    .isEqualTo(2);

            InetSocketAddress address =
                    new InetSocketAddress(own.address().host(), own.address().port());
            for (int i = 0; i < STRANGERS; i++) {
                strangers.add(SocketChannel.open(address));
            }
            long accepted = whenNoMoreAreAccepted(session);
            assertThat(accepted).isBetween(50L, (long) FILES);
            for (int i = 0; i < 100; i++) {
                assertThat(ask(session)).isEqualTo(accepted);
            }

            for (SocketChannel stranger : strangers) {
                stranger.close();
            }
            PeerSession late = newcomer.connectNow(own.address(), PATIENCE);
            assertThat(ask(late)).as("those that had waited, and the newcomer").isEqualTo(2 + STRANGERS + 1);
            assertThat(ask(session)).isEqualTo(2 + STRANGERS + 1);
            assertThat(own.isAlive()).isTrue();
        } finally {
            for (SocketChannel stranger : strangers) {
                stranger.close();
            }
            friend.dispose();
            newcomer.dispose();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PeerAddress.TCP, PeerAddress.UDP, PeerAddress.QUIC})
    @Timeout(180)
    void aDialForWhichThereIsNoFileFailsAndLeavesNothingBehind(String scheme) throws Exception {
        PeerNode friend = Weir.node().startNow(PATIENCE);
        PeerNode dialled =
                Weir.node().listen(PeerAddress.parse(scheme + "://127.0.0.1:0")).startNow(PATIENCE);
        String to = dialled.addresses().get(0).toString();
        try (NodeInOwnJvm own = NodeInOwnJvm.start("ulimit -n " + FILES, Dialler.class)) {
            PeerSession session = friend.connectNow(own.address(), PATIENCE);
            assertThat(ask(session, "dial", to)).isEqualTo("READY");

            assertThat(ask(session, "take", "")).isEqualTo("ALL");
            assertThat(ask(session, "dial", to)).isEqualTo(ErrorCode.CONNECT_FAILED.name());
            assertThat(ask(session, "handshaking", "")).isEqualTo("0");

            assertThat(ask(session, "free", "")).isEqualTo("ALL");
            assertThat(ask(session, "dial", to)).isEqualTo("READY");
            assertThat(ask(session, "handshaking", "")).isEqualTo("0");
        } finally {
            friend.dispose();
            dialled.dispose();
        }
    }

    private static String ask(PeerSession session, String route, String what) {
        return session.request(route, what, Codec.utf8(), Codec.utf8()).block(PATIENCE);
    }

    private static long whenNoMoreAreAccepted(PeerSession session) {
        return Flux.interval(LOOK)
                .onBackpressureDrop()
                .concatMap(tick -> asked(session), 1)
                .buffer(3, 1)
                .filter(last -> last.get(0) > 2 && last.stream().distinct().count() == 1)
                .map(last -> last.get(0))
                .blockFirst(PATIENCE);
    }

    private static long ask(PeerSession session) {
        return asked(session).block(PATIENCE);
    }

    private static Mono<Long> asked(PeerSession session) {
        return session.request("accepted", "", Codec.utf8(), Codec.utf8()).map(Long::valueOf);
    }

    /** Listens until it is ended, and tells how many connections it has accepted. */
    static final class InOwnJvm {

        private InOwnJvm() {}

        public static void main(String[] args) throws Exception {
            PeerNode[] node = new PeerNode[1];
            node[0] = Weir.node()
                    .listen(PeerAddress.tcp("127.0.0.1", 0))
                    .limits(NodeLimits.defaults()
                            .withMaxSessionsPerAddress(10_000)
                            .withMaxConnectsPerSecond(10_000)
                            .withHandshakeTimeout(Duration.ofMinutes(5)))
                    .onRequest(
                            "accepted",
                            request -> Mono.fromSupplier(() -> StandardCharsets.UTF_8.encode(
                                    Long.toString(node[0].stats().accepted()))))
                    .startNow(PATIENCE);
            NodeInOwnJvm.serve(node[0]);
        }
    }

    /** Dials as it is asked to, and takes all files of its process, or frees them. */
    static final class Dialler {

        private final List<InputStream> files = new ArrayList<>();
        private @Nullable PeerNode node;

        private Dialler() {}

        public static void main(String[] args) throws Exception {
            for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
                if (Files.isDirectory(Path.of(part))) {
                    load(Path.of(part)); // a class in a directory takes a file of its own; one in a JAR does not
                }
            }
            new Dialler().serve();
        }

        private static void load(Path directory) throws IOException {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file :
                        (Iterable<Path>) files.filter(each -> each.toString().endsWith(".class"))::iterator) {
                    String name = directory.relativize(file).toString().replace('/', '.');
                    try {
                        Class.forName(
                                name.substring(0, name.length() - ".class".length()),
                                false,
                                Dialler.class.getClassLoader());
                    } catch (ClassNotFoundException | LinkageError e) {
                        // it is not to be found later either
                    }
                }
            }
        }

        private void serve() throws IOException {
            PeerNode started = Weir.node()
                    .listen(PeerAddress.tcp("127.0.0.1", 0))
                    .onRequest("dial", answer(this::dial))
                    .onRequest("take", answer(nothing -> take()))
                    .onRequest("free", answer(nothing -> free()))
                    .onRequest("handshaking", answer(nothing -> handshaking()))
                    .startNow(PATIENCE);
            node = started;
            NodeInOwnJvm.serve(started);
        }

        private static RequestHandler answer(Function<String, Mono<String>> handler) {
            return request -> handler.apply(
                            StandardCharsets.UTF_8.decode(request.payload()).toString())
                    .map(StandardCharsets.UTF_8::encode);
        }

        private PeerNode node() {
            return Objects.requireNonNull(node);
        }

        private Mono<String> dial(String to) {
            return node().connect(PeerAddress.parse(to))
                    .flatMap(session -> session.close().thenReturn("READY"))
                    .onErrorResume(
                            ConnectException.class,
                            e -> Mono.just(e.reason().error().name()))
                    .onErrorResume(e -> Mono.just(e.toString()));
        }

        private Mono<String> take() {
            try {
                while (files.size() < FILES) {
                    files.add(new FileInputStream("/dev/null"));
                }
                return Mono.just("there are more than " + FILES);
            } catch (IOException e) {
                return Mono.just("ALL");
            }
        }

        private Mono<String> free() {
            try {
                for (InputStream file : files) {
                    file.close();
                }
                files.clear();
                return Mono.just("ALL");
            } catch (IOException e) {
                return Mono.just(e.toString());
            }
        }

        private Mono<String> handshaking() {
            return Mono.just(Long.toString(node().stats().connections().stream()
                    .mapToLong(NodeStats.Connections::handshaking)
                    .sum()));
        }
    }
}
