package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.core.wire.Headers;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.samples.cli.file.Answer;
import io.weir.samples.cli.file.FileSender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A transfer that was broken off goes on where it stopped. */
final class ResumeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long SEED = 20_260_103;
    private static final int SIZE = 500_000;
    private static final int HALF = 250_000;

    @TempDir
    private Path folder;

    private Path inbox;
    private Path film;
    private byte[] content;
    private ToolRun receive;
    private PeerNode broken;

    @BeforeEach
    void prepare() throws Exception {
        inbox = Files.createDirectory(folder.resolve("inbox"));
        content = new byte[SIZE];
        new SplittableRandom(SEED).nextBytes(content);
        film = Files.write(folder.resolve("film"), content);
        receive = ToolRun.start("receive", inbox.toString());
        broken = Weir.node().startNow(PATIENCE);
    }

    @AfterEach
    void leave() {
        broken.close().block(PATIENCE);
        receive.interrupt();
    }

    @Test
    void onlyTheRestIsSentWhenTheSenderWasLost() throws Exception {
        sendHalfAndVanish();

        ToolRun send = ToolRun.run("send", film.toString(), receive.address());

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(send.err().text())
                .contains("sent 'film': 250,000 bytes in")
                .contains("; 250,000 bytes were there before\n");
        receive.out().await("film");
        receive.err().await("; 250,000 bytes were there before\n");
        assertThat(inbox.resolve("film")).hasBinaryContent(content);
        assertThat(inbox).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void onlyTheRestIsSentWhenTheReceiverWasBrokenOff() throws Exception {
        PeerSession session = connect();
        sendHalf(session);
        receive.interrupt();
        receive.exitCode();
        receive = ToolRun.start("receive", inbox.toString());

        ToolRun send = ToolRun.run("send", film.toString(), receive.address());

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(send.err().text()).contains("sent 'film': 250,000 bytes in");
        assertThat(inbox.resolve("film")).hasBinaryContent(content);
    }

    @Test
    void anotherFileOfTheSameNameAndSizeIsSentFromItsStart() throws Exception {
        sendHalfAndVanish();
        content[0]++;
        Files.write(film, content);

        ToolRun send = ToolRun.run("send", film.toString(), receive.address());

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(send.err().text()).contains("sent 'film': 500,000 bytes in");
        assertThat(inbox.resolve("film")).hasBinaryContent(content);
    }

    @Test
    void whatIsThereAlreadyIsVerifiedAndNotSent() throws Exception {
        Files.write(inbox.resolve("film"), content);

        ToolRun send = ToolRun.run("send", film.toString(), receive.address());

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(send.err().text()).contains("sent 'film': 0 bytes in");
        assertThat(receive.out().await("film")).contains(sha256(content));
    }

    @Test
    void programsAreToldWhatWasThereBefore() throws Exception {
        Files.write(inbox.resolve("film"), content);

        ToolRun send = ToolRun.run("send", film.toString(), receive.address(), "--json");

        assertThat(send.out().text()).endsWith("\"sent\":0,\"before\":500000}\n");
    }

    @Test
    void anotherFileThatIsThereIsNotOverwritten() throws Exception {
        byte[] other = content.clone();
        other[SIZE - 1]++;
        Files.write(inbox.resolve("film"), other);

        ToolRun send = ToolRun.run("send", film.toString(), receive.address());

        assertThat(send.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(send.err().text()).contains("there is a file 'film' already");
        assertThat(inbox.resolve("film")).hasBinaryContent(other);
    }

    @Test
    void nothingIsKeptOfWhatArrivesWithAnotherDigest() throws Exception {
        byte[] half = Arrays.copyOf(content, HALF);
        PeerStream stream = open(connect(), HALF);
        stream.send(chunks(half).concatWithValues(new byte[32]), Codec.bytes()).subscribe(null, e -> {});

        List<Answer> answers = stream.receive(Answer.CODEC).collectList().block(PATIENCE);

        assertThat(answers).hasSize(2).last().isInstanceOf(Answer.Refused.class);
        receive.err().await("nothing new from");
        assertThat(inbox).isEmptyDirectory();
    }

    /** Both at once: the second one must not write into the first one's part. */
    @Test
    void twoSendersOfOneFileDoNotDisturbEachOther() throws Exception {
        PeerSession session = connect();
        sendHalf(session);

        ToolRun send = ToolRun.run("send", film.toString(), receive.address());

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(send.err().text()).contains("sent 'film': 500,000 bytes in");
        assertThat(inbox.resolve("film")).hasBinaryContent(content);
        session.dispose();
        receive.err().await("nothing new from");
    }

    @Test
    void partsThatAreKeptAreBounded() throws Exception {
        PeerSession session = connect();
        for (int i = 0; i < 70; i++) {
            Files.write(inbox.resolve(".weir-" + i + ".part"), new byte[1]);
        }
        sendHalf(session);

        session.dispose();

        receive.err().await("nothing new from");
        try (Stream<Path> parts = Files.list(inbox)) {
            List<Path> kept = parts.toList();
            assertThat(kept).hasSize(64);
            assertThat(kept).anySatisfy(path -> assertThat(path).hasSize(HALF));
        }
    }

    @Test
    void receiverThatAsksForWhatThereIsNotIsToldOff() throws Exception {
        for (Answer answer : List.of(new Answer.Have(SIZE + 1L), new Answer.From(5), new Answer.Have(0))) {
            PeerNode rogue = Weir.node()
                    .listen(PeerAddress.tcp("127.0.0.1", 0))
                    .onStream(
                            FileSender.STREAM,
                            StreamConfig.reliable(),
                            stream -> stream.send(Mono.just(answer).concatWith(Mono.never()), Answer.CODEC))
                    .startNow(PATIENCE);

            ToolRun send = ToolRun.run(
                    "send", film.toString(), rogue.addresses().get(0).toString());

            assertThat(send.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(send.err().text()).contains("the receiver asks for what there is not");
            rogue.close().block(PATIENCE);
        }
    }

    private void sendHalfAndVanish() throws Exception {
        PeerSession session = connect();
        sendHalf(session);
        session.dispose();
        receive.err().await("nothing new from");
    }

    /** Returns when it has been consumed at the other end: the sender's half is then done, as if it had ended too early. */
    private void sendHalf(PeerSession session) {
        PeerStream stream = open(session, SIZE);
        Mono<Void> written = Flux.interval(Duration.ofMillis(5))
                .filter(tick -> partIsWritten())
                .next()
                .then();
        stream.send(chunks(Arrays.copyOf(content, HALF)).concatWith(Mono.never()), Codec.bytes())
                .subscribe(null, e -> {});
        written.block(PATIENCE);
    }

    private boolean partIsWritten() {
        try (Stream<Path> inside = Files.list(inbox)) {
            return inside.anyMatch(path -> path.toFile().length() == HALF);
        } catch (IOException e) {
            return false;
        }
    }

    private PeerStream open(PeerSession session, int size) {
        Headers headers =
                Headers.of("name", "film").with("size", Integer.toString(size)).with("resume", "ask");
        return session.openStream(
                StreamId.of("broken"),
                StreamOpen.named(FileSender.STREAM).withHeaders(headers),
                StreamConfig.reliable());
    }

    private PeerSession connect() throws Exception {
        return broken.connectNow(PeerAddress.parse(receive.address()), PATIENCE);
    }

    private static Flux<byte[]> chunks(byte[] bytes) {
        return Flux.range(0, bytes.length / 25_000).map(i -> Arrays.copyOfRange(bytes, i * 25_000, (i + 1) * 25_000));
    }

    private static String sha256(byte[] bytes) throws Exception {
        return java.util.HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
