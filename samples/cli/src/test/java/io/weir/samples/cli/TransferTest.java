package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.identity.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code weir send} to {@code weir receive}. */
final class TransferTest {

    private static final long SEED = 20_260_101;

    @TempDir
    private Path folder;

    private Path inbox;

    @BeforeEach
    void makeInbox() throws IOException {
        inbox = Files.createDirectory(folder.resolve("inbox"));
    }

    /** Around the chunk of 32 KiB, and larger than any window. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 32, 32_767, 32_768, 32_769, 20_000_000})
    void fileArrivesWhole(int size) throws Exception {
        Path file = random("data.bin", size);
        ToolRun receive = receive();

        ToolRun send = ToolRun.run("send", file.toString(), receive.address());

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(receive.exitCode()).as(receive.err().text()).isZero();
        assertThat(inbox.resolve("data.bin")).hasSameBinaryContentAs(file);
        assertInboxHolds("data.bin");
        assertThat(send.out().text()).isEqualTo(sha256(file) + "  " + file + "\n");
        assertThat(receive.out().text()).endsWith(sha256(file) + "  " + inbox.resolve("data.bin") + "\n");
    }

    @Test
    void bothEndsProveTheKeysOfTheirFiles() throws Exception {
        String receiverKey = folder.resolve("receiver.key").toString();
        String senderKey = folder.resolve("sender.key").toString();
        String receiverId = ToolRun.run("keygen", receiverKey).out().text().strip();
        String senderId = ToolRun.run("keygen", senderKey).out().text().strip();

        ToolRun receive = receive("--identity", receiverKey, "--allow", senderId);
        assertThat(receive.address()).endsWith("#" + receiverId);
        ToolRun send = ToolRun.run("send", random("a", 10).toString(), receive.address(), "--identity", senderKey);

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(receive.exitCode()).isZero();
        assertThat(receive.err().text()).contains(senderId);
    }

    @Test
    void receiverWithoutOnceTakesOneFileAfterTheOther() throws Exception {
        ToolRun receive = ToolRun.start("receive", inbox.toString());

        for (String name : new String[] {"a", "b", "c"}) {
            Path file = random(name, 1000);
            assertThat(ToolRun.run("send", file.toString(), receive.address()).exitCode())
                    .isZero();
        }
        receive.out().await("inbox/c");
        receive.interrupt();

        receive.exitCode();
        assertInboxHolds("a", "b", "c");
    }

    @Test
    void sendersAtTheSameTimeAreAllServed() throws Exception {
        ToolRun receive = ToolRun.start("receive", inbox.toString());
        String[] names = {"a", "b", "c", "d"};
        ToolRun[] sends = new ToolRun[names.length];
        for (int i = 0; i < names.length; i++) {
            sends[i] = ToolRun.start("send", random(names[i], 3_000_000 + i).toString(), receive.address());
        }

        for (int i = 0; i < names.length; i++) {
            assertThat(sends[i].exitCode()).as(sends[i].err().text()).isZero();
            assertThat(inbox.resolve(names[i])).hasSameBinaryContentAs(folder.resolve(names[i]));
        }
        receive.interrupt();
        assertInboxHolds(names);
    }

    @Test
    void fileTravelsUnderTheNameGiven() throws Exception {
        ToolRun receive = receive();

        ToolRun send = ToolRun.run("send", random("a", 5).toString(), receive.address(), "--name", "b c.txt");

        assertThat(send.exitCode()).isZero();
        assertThat(receive.exitCode()).isZero();
        assertInboxHolds("b c.txt");
    }

    @Test
    void existingFileIsNeverOverwritten() throws Exception {
        Files.writeString(inbox.resolve("a"), "precious");
        ToolRun receive = receive();

        ToolRun send = ToolRun.run("send", random("a", 100_000).toString(), receive.address());

        assertFails(send, ExitCode.FAILED, "already");
        assertThat(receive.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(inbox.resolve("a")).hasContent("precious");
        assertInboxHolds("a");
    }

    @Test
    void danglingLinkCountsAsAnExistingFile() throws Exception {
        Path outside = folder.resolve("outside");
        Files.createSymbolicLink(inbox.resolve("a"), outside);
        ToolRun receive = receive();

        ToolRun send = ToolRun.run("send", random("a", 10).toString(), receive.address());

        assertFails(send, ExitCode.FAILED, "already");
        assertThat(outside).doesNotExist();
    }

    @Test
    void existingFileIsReplacedWhenForced() throws Exception {
        Files.writeString(inbox.resolve("a"), "old");
        Path file = random("a", 100_000);
        ToolRun receive = receive("--force");

        ToolRun send = ToolRun.run("send", file.toString(), receive.address());

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(receive.exitCode()).isZero();
        assertThat(inbox.resolve("a")).hasSameBinaryContentAs(file);
        assertInboxHolds("a");
    }

    @Test
    void forcedLinkIsReplacedAndNotFollowed() throws Exception {
        Path outside = Files.writeString(folder.resolve("outside"), "precious");
        Files.createSymbolicLink(inbox.resolve("a"), outside);
        ToolRun receive = receive("--force");

        ToolRun send = ToolRun.run("send", random("a", 10).toString(), receive.address());

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(outside).hasContent("precious");
        assertThat(inbox.resolve("a")).isRegularFile().matches(path -> !Files.isSymbolicLink(path));
    }

    @Test
    void nameThatLeavesTheDirectoryIsRefusedBeforeDialling() throws Exception {
        Path file = random("a", 5);

        assertFails(
                ToolRun.run("send", file.toString(), "tcp://127.0.0.1:9", "--name", "../a"),
                ExitCode.FAILED,
                "another directory");
    }

    @Test
    void peerThatIsNotAllowedIsNotAdmitted() throws Exception {
        ToolRun receive = receive("--allow", Identity.generate().peerId().toString());

        ToolRun send = ToolRun.run("send", random("a", 5).toString(), receive.address());

        assertFails(send, ExitCode.NOT_TRUSTED, "NOT_ADMITTED");
        receive.err().awaitLine("refused [\\w-]{43} from 127\\.0\\.0\\.1:\\d+: not --allow'ed");
        receive.interrupt();
        assertInboxHolds();
    }

    @Test
    void otherPeerThanExpectedIsNotTrusted() throws Exception {
        ToolRun receive = receive();
        String address = receive.address();
        String impostor = address.substring(0, address.indexOf('#') + 1)
                + Identity.generate().peerId();

        ToolRun send = ToolRun.run("send", random("a", 5).toString(), impostor);

        assertFails(send, ExitCode.NOT_TRUSTED, "IDENTITY_MISMATCH");
        receive.interrupt();
        assertInboxHolds();
    }

    @Test
    void missingFileIsSaidBeforeDialling() throws Exception {
        assertFails(
                ToolRun.run("send", folder.resolve("none").toString(), "tcp://127.0.0.1:9"),
                ExitCode.FAILED,
                "there is no file");
        assertFails(
                ToolRun.run("send", folder.toString(), folder.resolve("none").toString(), "tcp://127.0.0.1:9"),
                ExitCode.FAILED,
                "there is no file");
    }

    @Test
    void nobodyThereIsSaid() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        ToolRun send = ToolRun.run("send", random("a", 5).toString(), "tcp://127.0.0.1:" + free);

        assertFails(send, ExitCode.FAILED, "nothing accepts a connection there");
    }

    @Test
    void takenPortIsSaid() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            ToolRun receive =
                    ToolRun.run("receive", inbox.toString(), "--listen", "tcp://127.0.0.1:" + socket.getLocalPort());

            assertFails(receive, ExitCode.FAILED, "cannot listen");
            assertThat(receive.out().text()).isEmpty();
        }
    }

    @Test
    void inboxMustBeADirectory() throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[1]);

        assertFails(ToolRun.run("receive", file.toString()), ExitCode.FAILED, "is not a directory");
        assertFails(
                ToolRun.run("receive", folder.resolve("none/inbox").toString()),
                ExitCode.FAILED,
                "none/inbox cannot be made: there is no directory to make it in");
    }

    @Test
    void inboxThatIsMissingIsMade() throws Exception {
        Path made = folder.resolve("made");
        ToolRun receive = ToolRun.start("receive", made.toString(), "--once");

        ToolRun send = ToolRun.run("send", random("film", 10).toString(), receive.address());

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(receive.exitCode()).isZero();
        assertThat(made.resolve("film")).hasSize(10);
    }

    /** Whoever follows the first example, and goes to another machine, would try in vain. */
    @Test
    void whoReachesItIsSaidWhereNobodyChoseIt() throws Exception {
        String said = "only this machine reaches it; ";
        ToolRun receive = receive();
        receive.err().await(said + "--listen 'tcp://[::]:0' is for others too");
        receive.interrupt();
        ToolRun onOnePort = receive("--port", "0");
        onOnePort.err().await(said + "--host :: is for others too");
        onOnePort.interrupt();
        ToolRun chosen = receive("--listen", "tcp://127.0.0.1:0");
        chosen.err().await("may connect");
        chosen.interrupt();
        chosen.exitCode();

        assertThat(chosen.err().text()).doesNotContain(said);
    }

    @Test
    void stackTraceIsShownOnlyWhenAskedFor() throws Exception {
        String file = folder.resolve("none").toString();

        assertThat(ToolRun.run("send", file, "tcp://127.0.0.1:9").err().text()).doesNotContain("\tat ");
        assertThat(ToolRun.run("--verbose", "send", file, "tcp://127.0.0.1:9")
                        .err()
                        .text())
                .contains("\tat ");
    }

    @Test
    void demoVerifiesTheFileGiven() throws Exception {
        Path file = random("film", 3_000_000);

        ToolRun demo = ToolRun.run("demo", file.toString(), "--stats");

        assertThat(demo.exitCode()).as(demo.err().text()).isZero();
        assertThat(demo.out().text()).isEqualTo(sha256(file) + "  " + file + "\n");
        assertThat(demo.err().text()).contains("3,000,000 bytes in", "MB/s", "peak heap");
    }

    @Test
    void demoTellsProgramsWhatItSent() throws Exception {
        Path file = Files.write(folder.resolve("data.bin"), new byte[100]);

        ToolRun demo = ToolRun.run("demo", file.toString(), "--json");

        assertThat(demo.out().text())
                .startsWith("{\"path\":\"" + file + "\",\"sha256\":\"" + sha256(file) + "\",\"sent\":100,\"seconds\":");
    }

    @Test
    void demoMakesItsOwnFile() throws Exception {
        ToolRun demo = ToolRun.run("demo", "--megabytes", "2");

        assertThat(demo.exitCode()).as(demo.err().text()).isZero();
        assertThat(demo.err().text()).contains("2,000,000 bytes in");
    }

    private ToolRun receive(String... more) {
        return ToolRun.start(Stream.concat(Stream.of("receive", inbox.toString(), "--once"), Stream.of(more))
                .toArray(String[]::new));
    }

    private Path random(String name, int size) throws IOException {
        byte[] content = new byte[size];
        new SplittableRandom(SEED + size).nextBytes(content);
        return Files.write(folder.resolve(name), content);
    }

    private void assertInboxHolds(String... names) throws IOException {
        try (Stream<Path> inside = Files.list(inbox)) {
            assertThat(inside.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder(names);
        }
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private static void assertFails(ToolRun run, int exitCode, String part) throws Exception {
        assertThat(run.exitCode()).as(run.err().text()).isEqualTo(exitCode);
        assertThat(run.err().text().lines().filter(line -> line.startsWith("weir: ")))
                .singleElement()
                .asString()
                .contains(part);
        assertThat(run.err().text()).doesNotContain("\tat ");
    }
}
