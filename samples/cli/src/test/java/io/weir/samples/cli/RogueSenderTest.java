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
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** What {@code weir receive} keeps of senders that do not do as they said: nothing. */
final class RogueSenderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] CHUNK = new byte[30_000];

    @TempDir
    private Path folder;

    private Path inbox;
    private ToolRun receive;
    private PeerNode rogue;
    private PeerSession session;

    @BeforeEach
    void connect() throws Exception {
        inbox = Files.createDirectory(folder.resolve("inbox"));
        receive = ToolRun.start("receive", inbox.toString(), "--once");
        rogue = Weir.node().startNow(PATIENCE);
        session = rogue.connectNow(PeerAddress.parse(receive.address()), PATIENCE);
    }

    @AfterEach
    void leave() {
        rogue.close().block(PATIENCE);
        receive.interrupt();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil",
                "/tmp/evil",
                "..",
                ".",
                "/",
                "a//b",
                "a/../b",
                "a/./b",
                "a/..",
                ".a/b",
                "C:evil",
                "nul",
                "a/NUL.txt",
                "com1/b",
                "a\\b",
                ".bashrc",
                "",
                "evil\u001b[2Jname",
                "evil\nname",
                "evil\u0000",
                "evil\u202etxt"
            })
    void nameThatIsNotAPlainNameIsRefused(String name) throws Exception {
        String reason = refusal(offer(name, "3"), Flux.just(new byte[3]));

        assertThat(reason).contains("the file name", "is refused").doesNotContain("\u001b", "\n");
        assertNothingKept();
        assertThat(folder.resolve("evil")).doesNotExist();
    }

    @Test
    void nameThatIsTooLongIsRefused() throws Exception {
        assertThat(refusal(offer("n".repeat(256), "3"), Flux.empty())).contains("1 to 255 bytes");
        assertNothingKept();
    }

    @Test
    void pathThatIsTooLongIsRefused() throws Exception {
        assertThat(refusal(offer("n".repeat(255) + ("/" + "n".repeat(255)).repeat(8), "3"), Flux.empty()))
                .contains("at most 2048 bytes");
        assertNothingKept();
    }

    @Test
    void pathThatIsTooDeepIsRefused() throws Exception {
        assertThat(refusal(offer("a" + "/a".repeat(64), "3"), Flux.empty())).contains("65 directories deep");
        assertNothingKept();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "many"})
    void numberOfFilesThatIsNoneIsRefused(String entries) throws Exception {
        assertThat(refusal(offer("a", "3").with("entries", entries), Flux.empty()))
                .contains("the entries", "is refused");
        assertNothingKept();
    }

    @Test
    void directoryWithContentIsRefused() throws Exception {
        assertThat(refusal(offer("a/", "30000"), Flux.just(CHUNK))).contains("longer");
        assertNothingKept();
    }

    @Test
    void fileWhoseSenderVanishesBeforeTheOthersCameFails() throws Exception {
        byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest(CHUNK);
        Answer answer = receipt(offer("a", "30000").with("entries", "2"), Flux.just(CHUNK, digest));
        assertThat(answer).isInstanceOf(Answer.Verified.class);
        receive.err().await("received 'a'");

        session.dispose();

        assertThat(receive.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(inbox.resolve("a")).hasBinaryContent(CHUNK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "many", "", "99999999999999999999"})
    void sizeThatIsNoSizeIsRefused(String size) throws Exception {
        assertThat(refusal(offer("a", size), Flux.empty())).contains("the size", "is refused");
        assertNothingKept();
    }

    @Test
    void fileThatCannotFitIsRefused() throws Exception {
        assertThat(refusal(offer("a", "4611686018427387904"), Flux.just(CHUNK))).contains("there is room for");
        assertNothingKept();
    }

    @Test
    void offerWithoutHeadersIsRefused() throws Exception {
        assertThat(refusal(Headers.empty(), Flux.just(CHUNK))).contains("lacks");
        assertNothingKept();
    }

    @Test
    void moreContentThanOfferedIsRefused() throws Exception {
        assertThat(refusal(offer("a", "40000"), Flux.just(CHUNK, CHUNK))).contains("longer");
        assertNothingKept();
    }

    @Test
    void endlessContentIsRefused() throws Exception {
        assertThat(refusal(offer("a", "40000"), Flux.just(CHUNK).repeat())).contains("longer");
        assertNothingKept();
    }

    @Test
    void lessContentThanOfferedIsRefused() throws Exception {
        assertThat(refusal(offer("a", "40000"), Flux.just(CHUNK))).contains("30000 of 40000");
        assertNothingKept();
    }

    @Test
    void contentWithoutItsDigestIsRefused() throws Exception {
        assertThat(refusal(offer("a", "30000"), Flux.just(CHUNK))).contains("without its SHA-256");
        assertNothingKept();
    }

    @Test
    void contentWithAnotherDigestIsRefused() throws Exception {
        assertThat(refusal(offer("a", "30000"), Flux.just(CHUNK, new byte[32]))).contains("another SHA-256");
        assertNothingKept();
    }

    @Test
    void senderThatVanishesLeavesNoHalfFile() throws Exception {
        Disposable sending = sendHalfAFile();
        receive.err().await("'half'");

        session.dispose();

        assertNothingKept();
        assertThat(receive.err().text()).contains("nothing new from " + rogue.id());
        sending.dispose();
    }

    @Test
    void senderThatBreaksOffLeavesNoHalfFile() throws Exception {
        Disposable sending = sendHalfAFile();
        receive.err().await("'half'");

        sending.dispose();

        assertNothingKept();
        assertThat(receive.err().text()).contains("the sender broke off 'half': ");
    }

    @Test
    void userWhoBreaksOffLeavesNoHalfFile() throws Exception {
        Disposable sending = sendHalfAFile();
        awaitHalfAFile();

        receive.interrupt();

        receive.exitCode();
        assertInboxIsEmpty();
        sending.dispose();
    }

    @Test
    void receiptFollowsAFileThatKeepsItsWord() throws Exception {
        byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest(CHUNK);

        Answer receipt = receipt(offer("a", "30000"), Flux.just(CHUNK, digest));

        assertThat(receipt).isInstanceOf(Answer.Verified.class);
        assertThat(receive.exitCode()).isZero();
        assertThat(inbox.resolve("a")).hasBinaryContent(CHUNK);
    }

    private Disposable sendHalfAFile() {
        return stream(offer("half", "60000"))
                .send(Flux.just(CHUNK).concatWith(Flux.never()), Codec.bytes())
                .subscribe(null, e -> {});
    }

    /** It is there, not only announced: whoever breaks off while it is being made may be gone before it is. */
    private void awaitHalfAFile() {
        Flux.interval(Duration.ofMillis(5))
                .filter(tick -> Objects.requireNonNull(inbox.toFile().list()).length > 0)
                .blockFirst(PATIENCE);
    }

    private String refusal(Headers headers, Flux<byte[]> elements) {
        return ((Answer.Refused) receipt(headers, elements)).reason();
    }

    private Answer receipt(Headers headers, Flux<byte[]> elements) {
        PeerStream stream = stream(headers);
        stream.send(elements, Codec.bytes()).subscribe(null, e -> {});
        return Objects.requireNonNull(stream.receive(Answer.CODEC).single().block(PATIENCE));
    }

    private PeerStream stream(Headers headers) {
        return session.openStream(
                StreamId.of("rogue"),
                StreamOpen.named(FileSender.STREAM).withHeaders(headers),
                StreamConfig.reliable());
    }

    private static Headers offer(String name, String size) {
        return Headers.of("name", name).with("size", size);
    }

    private void assertNothingKept() throws Exception {
        assertThat(receive.exitCode()).as(receive.err().text()).isEqualTo(ExitCode.FAILED);
        assertInboxIsEmpty();
    }

    private void assertInboxIsEmpty() throws IOException {
        try (Stream<Path> inside = Files.list(inbox)) {
            assertThat(inside).isEmpty();
        }
    }
}
