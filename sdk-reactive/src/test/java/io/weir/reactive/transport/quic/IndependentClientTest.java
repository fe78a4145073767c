package io.weir.reactive.transport.quic;

import static io.weir.reactive.transport.ContractNodes.address;
import static io.weir.reactive.transport.ContractNodes.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerEvent.ConnectionClosed;
import io.weir.reactive.PeerEvent.InboundRefused;
import io.weir.reactive.PeerNode;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.ContractNodes;
import io.weir.reactive.transport.UdpOptions;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A client that shares no line with Weir, in C on ngtcp2 and GnuTLS, meets a node. It is built here, from {@code src/test/c}; where there is
 * no compiler, or one of Debian's packages libngtcp2-dev, libngtcp2-crypto-gnutls-dev and libgnutls28-dev is missing, none of it runs.
 */
@Timeout(120)
class IndependentClientTest {

    private static final Path SOURCES = Path.of("src/test/c");
    private static final Path INCLUDES = Path.of("/usr/include");
    private static final List<String> HEADERS =
            List.of("ngtcp2/ngtcp2.h", "ngtcp2/ngtcp2_crypto_gnutls.h", "gnutls/gnutls.h", "gnutls/abstract.h");
    private static final long BUILD_SECONDS = 60;
    private static final long RUN_SECONDS = 60;

    /** What the client ends with. */
    private static final int DONE = 0;

    private static final int REFUSED = 3;
    private static final int NOT_EXPECTED = 4;

    @TempDir
    private static Path directory;

    private final ContractNodes nodes = new ContractNodes(() -> new QuicTransport(1, UdpOptions.defaults(), true));
    private final ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();

    /** How a program ended, and all that it said. */
    private record Ended(int status, String said) {}

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        assumeTrue(hasCompiler(), "a C compiler, cc");
        for (String header : HEADERS) {
            assumeTrue(Files.isReadable(INCLUDES.resolve(header)), "a development package with " + header);
        }
        List<String> command = new ArrayList<>(
                List.of("cc", "-std=c11", "-D_GNU_SOURCE", "-O1", "-Wall", "-Wextra", "-Werror", "-o", program()));
        try (Stream<Path> files = Files.list(SOURCES)) {
            files.map(Path::toString)
                    .filter(name -> name.endsWith(".c"))
                    .sorted()
                    .forEach(command::add);
        }
        command.addAll(List.of("-lngtcp2", "-lngtcp2_crypto_gnutls", "-lgnutls"));

        Ended built = run(command, BUILD_SECONDS);

        assertThat(built.status()).as(built.said()).isZero();
    }

    private static boolean hasCompiler() {
        String path = System.getenv("PATH");
        return path != null
                && Stream.of(path.split(File.pathSeparator))
                        .anyMatch(each -> Files.isExecutable(Path.of(each).resolve("cc")));
    }

    private static String program() {
        return directory.resolve("weir-client").toString();
    }

    private static Ended run(List<String> command, long seconds) throws IOException, InterruptedException {
        Path said = Files.createTempFile(directory, "said", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(process.waitFor(seconds, TimeUnit.SECONDS))
                    .as("%s ends in time", command)
                    .isTrue();
            return new Ended(process.exitValue(), Files.readString(said));
        } finally {
            process.destroyForcibly();
        }
    }

    @AfterEach
    void close() {
        nodes.close();
    }

    private PeerNode server() {
        return nodes.start(spec -> spec.listen(PeerAddress.quic("127.0.0.1", 0))
                .onStream(
                        "echo",
                        stream -> stream.send(stream.receive(Codec.utf8()).doOnNext(heard::add), Codec.utf8())));
    }

    private static Ended client(PeerNode server, PeerId expected, String shown)
            throws IOException, InterruptedException {
        return run(
                List.of(
                        program(),
                        String.valueOf(address(server).port()),
                        HexFormat.of().formatHex(expected.bytes()),
                        shown),
                RUN_SECONDS);
    }

    private CloseReason refusal(PeerNode server) {
        awaitTrue("a refusal", () -> !nodes.told(server, InboundRefused.class).isEmpty());
        return nodes.told(server, InboundRefused.class).get(0).reason();
    }

    private void echoesOneElementOf(PeerNode server) throws IOException, InterruptedException {
        Ended ended = client(server, server.id(), "own");

        assertThat(ended.said())
                .contains("element: an element of a client in C")
                .contains("closed in good order");
        assertThat(ended.status()).isEqualTo(DONE);
        assertThat(heard).containsExactly("an element of a client in C");
    }

    @Test
    void saysHelloAndGetsItsElementBack() throws Exception {
        PeerNode server = server();

        echoesOneElementOf(server);

        awaitTrue("the end", () -> !nodes.told(server, ConnectionClosed.class).isEmpty());
        CloseReason reason = nodes.told(server, ConnectionClosed.class).get(0).reason();
        assertThat(reason.error()).isEqualTo(ErrorCode.NONE);
        assertThat(nodes.told(server, InboundRefused.class)).isEmpty();
        assertThat(server.reservedBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"none, HANDSHAKE_FAILED, 0x174", "rsa, HANDSHAKE_FAILED, 0x174", "anothers, HANDSHAKE_FAILED, 0x133"})
    void isRefusedWithout(String shown, ErrorCode code, String error) throws Exception {
        PeerNode server = server();

        Ended ended = client(server, server.id(), shown);

        assertThat(ended.said()).contains("closed by the node: QUIC error " + error);
        assertThat(ended.status()).isEqualTo(REFUSED);
        assertThat(refusal(server).error()).isEqualTo(code);
        assertThat(server.liveSessions()).isEmpty();
        assertThat(heard).isEmpty();
        echoesOneElementOf(server);
    }

    @Test
    void doesNotTakeANodeThatItDoesNotExpect() throws Exception {
        PeerNode server = server();

        Ended ended = client(server, Identity.generate().peerId(), "own");

        assertThat(ended.said()).contains("not taken by this side");
        assertThat(ended.status()).isEqualTo(NOT_EXPECTED);
        assertThat(refusal(server).error()).isEqualTo(ErrorCode.HANDSHAKE_FAILED);
        echoesOneElementOf(server);
    }
}
