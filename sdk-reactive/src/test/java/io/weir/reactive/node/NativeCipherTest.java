package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.Weir;
import io.weir.core.crypto.CipherProvider;
import io.weir.core.crypto.CipherSuite;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NativeCipher;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerStream;
import io.weir.reactive.codec.Codec;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.blockhound.BlockHound;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Nodes over loopback with native code for their records, and without it. */
class NativeCipherTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final PeerAddress ANYWHERE = PeerAddress.tcp("127.0.0.1", 0);
    private static final String NATIVE = "AmazonCorrettoCryptoProvider";
    private static final String STREAM = "echo";

    private final List<PeerNode> nodes = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        nodes.forEach(PeerNode::dispose);
    }

    @Test
    void nodeTellsWhoseCipherItHas() {
        assumeTrue(Corretto.find() != null, "a native cipher");

        CipherProvider provider = started(Weir.node()).cipherProvider();
        CipherProvider instead =
                started(Weir.node().nativeCipher(NativeCipher.REFUSED)).cipherProvider();

        assertThat(provider.name()).isEqualTo(NATIVE);
        assertThat(provider.version()).startsWith("2.");
        assertThat(instead).isSameAs(CipherProvider.preferred());
        assertThat(Security.getProvider(NATIVE))
                .as("registered for the process")
                .isNull();
    }

    static Stream<Arguments> ends() {
        List<CipherProvider> all = Stream.of(CipherProvider.preferred(), Corretto.find())
                .filter(Objects::nonNull)
                .toList();
        return Arrays.stream(CipherSuite.values())
                .flatMap(suite -> all.stream().flatMap(a -> all.stream().map(b -> Arguments.of(suite, a, b))));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void bothEndsMayDiffer(CipherSuite suite, CipherProvider dialling, CipherProvider listening) {
        byte[] sent = new byte[2_000_000];
        new Random(suite.ordinal()).nextBytes(sent);
        PeerNode server = started(sealedBy(
                Weir.node()
                        .listen(ANYWHERE)
                        .onStream(STREAM, stream -> stream.send(stream.receive(Codec.bytes()), Codec.bytes())),
                listening));
        PeerNode client = started(sealedBy(Weir.node().cipher(suite), dialling));

        PeerStream stream =
                client.connectNow(server.addresses().get(0), PATIENCE).openStream(STREAM, StreamConfig.reliable());
        stream.send(cut(sent), Codec.bytes()).subscribe();
        List<byte[]> echoed = Objects.requireNonNull(
                stream.receive(Codec.bytes()).collectList().block(PATIENCE));

        assertThat(server.cipherProvider()).isSameAs(listening);
        assertThat(client.cipherProvider()).isSameAs(dialling);
        assertThat(joined(echoed, sent.length)).isEqualTo(sent);
    }

    @Test
    void startsWithoutItsJar() throws Exception {
        String without = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains(NATIVE))
                .collect(Collectors.joining(File.pathSeparator));

        assertThat(run(without))
                .contains("sealed by " + CipherProvider.preferred())
                .contains("1 2 3");
    }

    /** As that of another platform is. */
    @Test
    void startsWhereItsLibraryDoesNotLoad() throws Exception {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            entries.add(entry.contains(NATIVE) ? withoutLibrary(Path.of(entry)) : entry);
        }

        assertThat(run(String.join(File.pathSeparator, entries)))
                .contains("sealed by " + CipherProvider.preferred())
                .contains("1 2 3");
    }

    /** Its first use there would fail its tests, and switch it off. */
    @Test
    void isThereForNodesThatAreStartedOnANonBlockingThread() throws Exception {
        assumeTrue(Corretto.find() != null, "a native cipher");
        assertThat(run(
                        System.getProperty("java.class.path"),
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "-XX:+EnableDynamicAgentLoading",
                        "-XX:+AllowRedefinitionToAddDeleteMethods",
                        "-Djdk.attach.allowAttachSelf=true",
                        "-Dblockhound=true"))
                .contains("sealed by " + NATIVE)
                .contains("1 2 3");
    }

    private String withoutLibrary(Path jar) throws IOException {
        Path copy = folder.resolve(jar.getFileName().toString());
        try (ZipFile from = new ZipFile(jar.toFile());
                ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(copy))) {
            for (ZipEntry entry : Collections.list(from.entries())) {
                if (!entry.getName().matches(".*\\.(so|dylib)")) {
                    to.putNextEntry(new ZipEntry(entry.getName()));
                    from.getInputStream(entry).transferTo(to);
                }
            }
        }
        return copy.toString();
    }

    private PeerNode started(PeerNodeSpec spec) {
        PeerNode node = spec.startNow(PATIENCE);
        nodes.add(node);
        return node;
    }

    private static PeerNodeSpec sealedBy(PeerNodeSpec spec, CipherProvider provider) {
        return ((NodeSpec) spec).sealedBy(provider);
    }

    private static Flux<byte[]> cut(byte[] whole) {
        int size = 10_007;
        return Flux.range(0, (whole.length + size - 1) / size)
                .map(i -> Arrays.copyOfRange(whole, i * size, Math.min(whole.length, (i + 1) * size)));
    }

    private static byte[] joined(List<byte[]> parts, int length) {
        byte[] whole = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        return at == length ? whole : new byte[0];
    }

    private String run(String classPath, String... options) throws Exception {
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classPath, InOwnJvm.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly().onExit().join();
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    /** Says whose cipher its nodes have, and what came through a stream between them. */
    static final class InOwnJvm {

        private InOwnJvm() {}

        public static void main(String[] args) {
            if (Boolean.getBoolean("blockhound")) {
                BlockHound.install();
            }
            PeerNode server = start(Weir.node()
                    .listen(ANYWHERE)
                    .onStream(STREAM, stream -> stream.send(Flux.just("1", "2", "3"), Codec.utf8())));
            PeerNode client = start(Weir.node());
            System.out.println("sealed by " + client.cipherProvider());
            System.out.println(String.join(
                    " ",
                    Objects.requireNonNull(client.connect(server.addresses().get(0))
                            .flatMapMany(session -> session.openStream(STREAM, StreamConfig.reliable())
                                    .receive(Codec.utf8()))
                            .collectList()
                            .block(PATIENCE))));
            System.exit(0);
        }

        private static PeerNode start(PeerNodeSpec spec) {
            @Nullable
            PeerNode node = spec.start().subscribeOn(Schedulers.parallel()).block(PATIENCE);
            return Objects.requireNonNull(node);
        }
    }
}
