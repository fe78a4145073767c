package io.weir.reactive.transport.quic;

import static io.weir.reactive.transport.ContractNodes.PATIENCE;
import static io.weir.reactive.transport.ContractNodes.address;
import static io.weir.reactive.transport.ContractNodes.await;
import static io.weir.reactive.transport.ContractNodes.awaitTrue;
import static io.weir.reactive.transport.ContractNodes.connect;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerEvent.InboundRefused;
import io.weir.reactive.PeerNode;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.ContractNodes;
import io.weir.reactive.transport.UdpOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Whose certificate a node does not take, where it listens and where it dials; it says why, and goes on with others. */
@Timeout(120)
class QuicCertificatesTest {

    private static final String WEIR = QuicTls.PROTOCOL;
    private static final Identity WHO = Identity.generate();

    private final ContractNodes nodes = new ContractNodes(() -> new QuicTransport(1, UdpOptions.defaults(), true));

    @AfterEach
    void close() {
        nodes.close();
    }

    private PeerNode server() {
        return nodes.start(spec -> spec.listen(PeerAddress.quic("127.0.0.1", 0))
                .onRequest("twice", RequestHandler.typed(Codec.utf8(), Codec.utf8(), text -> Mono.just(text + text))));
    }

    private CloseReason refusal(PeerNode server) {
        awaitTrue("a refusal", () -> !nodes.told(server, InboundRefused.class).isEmpty());
        return nodes.told(server, InboundRefused.class).get(0).reason();
    }

    /** The node still takes who is as it should be. */
    private void servesOthers(PeerNode server) {
        assertThat(await(connect(nodes.start(), server).request("twice", "a", Codec.utf8(), Codec.utf8())))
                .isEqualTo("aa");
        assertThat(server.liveSessions()).hasSize(1);
    }

    // ---- what Ed25519 certificates can be

    /** Each has the right key, and the node says of it what is wrong. */
    static Stream<Arguments> invalid() {
        return Stream.of(
                Arguments.of("2 certificates", chain(TestCertificates.of(WHO), TestCertificates.expired(WHO))),
                Arguments.of("it has expired", chain(TestCertificates.expired(WHO))),
                Arguments.of("it is valid only in", chain(TestCertificates.notYetValid(WHO))),
                Arguments.of("not signed by its own key", chain(TestCertificates.badlySigned(WHO))));
    }

    private static X509Certificate[] chain(X509Certificate... certificates) {
        return certificates;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void refusesAClientWhoseCertificateIsInvalid(String what, X509Certificate[] shown) {
        PeerNode server = server();

        try (RawQuicClient client =
                new RawQuicClient(address(server), TestCertificates.client(WEIR, TestCertificates.key(WHO), shown))) {
            assertThat(client.refused()).succeedsWithin(PATIENCE).matches(closed -> closed.isTlsError());
            assertThat(refusal(server).error()).isEqualTo(ErrorCode.IDENTITY_INVALID);
            assertThat(refusal(server).detail()).contains(what);
        }
        servesOthers(server);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void connectsToNoServerWhoseCertificateIsInvalid(String what, X509Certificate[] shown) {
        CloseReason reason = failure(TestCertificates.server(WEIR, TestCertificates.key(WHO), shown));

        assertThat(reason.error()).isEqualTo(ErrorCode.IDENTITY_INVALID);
        assertThat(reason.detail()).contains(what);
    }

    private CloseReason failure(Function<QuicChannel, QuicSslEngine> engines) {
        try (RawQuicServer server = new RawQuicServer(engines, Duration.ZERO, connection -> {})) {
            return await(nodes.start()
                    .connect(server.address().expecting(WHO.peerId()))
                    .then(Mono.<CloseReason>empty())
                    .onErrorResume(ConnectException.class, e -> Mono.just(e.reason())));
        }
    }

    @Test
    void connectsToNobodyElseThanItExpects() {
        Identity other = Identity.generate();

        CloseReason reason =
                failure(TestCertificates.server(WEIR, TestCertificates.key(other), TestCertificates.of(other)));

        assertThat(reason.error()).isEqualTo(ErrorCode.IDENTITY_MISMATCH);
    }

    /** It is not told who somebody else is looking for. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void showsItsOwnOnlyToWhomItExpects(boolean expected) {
        Identity there = expected ? WHO : Identity.generate();
        Queue<X509Certificate> shown = new ConcurrentLinkedQueue<>();
        PeerNode client = nodes.start();

        try (RawQuicServer server = new RawQuicServer(
                TestCertificates.askingServer(shown::add, TestCertificates.key(there), TestCertificates.of(there)),
                Duration.ZERO,
                connection -> connection.close(true, 0, Unpooled.EMPTY_BUFFER))) {
            ErrorCode code = await(client.connect(server.address().expecting(WHO.peerId()))
                    .then(Mono.<ErrorCode>empty())
                    .onErrorResume(
                            ConnectException.class, e -> Mono.just(e.reason().error())));

            assertThat(code).isEqualTo(expected ? ErrorCode.LINK_LOST : ErrorCode.IDENTITY_MISMATCH);
        }
        assertThat(shown).hasSize(expected ? 1 : 0);
    }

    /** It cannot sign the handshake as that certificate's owner. */
    @Test
    void refusesACertificateOfAnothersKey() {
        PeerNode server = server();

        try (RawQuicClient client = new RawQuicClient(
                address(server),
                TestCertificates.client(WEIR, TestCertificates.key(Identity.generate()), TestCertificates.of(WHO)))) {
            awaitTrue(
                    "refused",
                    () -> client.refused().isDone()
                            || !nodes.told(server, InboundRefused.class).isEmpty());
            assertThat(server.liveSessions()).isEmpty();
        }
        servesOthers(server);
    }

    @Test
    void refusesWhoShowsNoCertificate() {
        PeerNode server = server();

        try (RawQuicClient client = new RawQuicClient(address(server), TestCertificates.client(WEIR))) {
            assertThat(client.refused()).succeedsWithin(PATIENCE).matches(closed -> closed.isTlsError());
            assertThat(refusal(server).error()).isEqualTo(ErrorCode.HANDSHAKE_FAILED);
        }
        servesOthers(server);
    }

    // ---- other keys

    @ParameterizedTest
    @CsvSource({"RSA, 2048", "EC, 256"})
    void refusesOtherKeysThanEd25519(String algorithm, int bits, @TempDir Path directory) throws Exception {
        PeerNode server = server();
        KeyStore keys = keys(algorithm, bits, directory.resolve("store.p12"));
        PrivateKey key = (PrivateKey) keys.getKey("a", "password".toCharArray());
        X509Certificate shown = (X509Certificate) keys.getCertificate("a");

        try (RawQuicClient client = new RawQuicClient(address(server), TestCertificates.client(WEIR, key, shown))) {
            assertThat(client.isSecured()).isFalse(); // it has nothing with which the node would take its signature
        }
        servesOthers(server);
    }

    private static KeyStore keys(String algorithm, int bits, Path store)
            throws IOException, InterruptedException, GeneralSecurityException {
        String keytool = Path.of(ProcessHandle.current().info().command().orElseThrow())
                .resolveSibling("keytool")
                .toString();
        String command = "-genkeypair -alias a -dname CN=a -storetype PKCS12 -storepass password -keyalg " + algorithm
                + " -keysize " + bits + " -keystore";
        Process making = new ProcessBuilder(
                        Stream.of(Stream.of(keytool), Stream.of(command.split(" ")), Stream.of(store.toString()))
                                .flatMap(part -> part)
                                .toList())
                .inheritIO()
                .start();
        assertThat(making.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "password".toCharArray());
        }
        return keys;
    }

    // ---- other protocols

    @Test
    void refusesAnotherProtocol() {
        PeerNode server = server();

        try (RawQuicClient client = new RawQuicClient(
                address(server), TestCertificates.client("h3", TestCertificates.key(WHO), TestCertificates.of(WHO)))) {
            assertThat(client.refused())
                    .succeedsWithin(PATIENCE)
                    .extracting(closed -> closed.error() - 0x100)
                    .isEqualTo(120); // no_application_protocol
            assertThat(refusal(server).error()).isEqualTo(ErrorCode.HANDSHAKE_FAILED);
        }
        servesOthers(server);
    }

    @Test
    void tellsFromOtherFailuresThatAServerSpeaksAnotherProtocol() {
        CloseReason reason =
                failure(TestCertificates.server("h3", TestCertificates.key(WHO), TestCertificates.of(WHO)));

        assertThat(reason.error()).isEqualTo(ErrorCode.NOT_WEIR);
    }
}
