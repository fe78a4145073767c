package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.identity.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a shell may put in the place of a file: pipes, devices, the kernel's files, closed streams, foreign names. */
final class UnusualInputTest {

    private static final long SEED = 17;

    @TempDir
    private Path folder;

    private Path inbox;

    @BeforeEach
    void makeInbox() throws IOException {
        inbox = Files.createDirectory(folder.resolve("inbox"));
    }

    @Test
    void requestIsReadFromAPipe() throws Exception {
        byte[] body = random(200_000);
        ToolRun serving = ToolRun.start("serve", "--exec", "cat");

        try (ToolProcess request = ToolProcess.start("request", serving.address(), "exec", "-")) {
            try (OutputStream in = request.input()) {
                in.write(body);
            }
            assertThat(request.exitCode()).as(request.err().text()).isZero();
            assertThat(request.out().bytes()).isEqualTo(body);
        }
        serving.interrupt();
    }

    @Test
    void standardInputThatCannotBeReadIsSaid() throws Exception {
        ToolRun serving = ToolRun.start("serve", "--exec", "cat");
        ToolRun listening = ToolRun.start("pipe", "--listen", "tcp://127.0.0.1:0");
        String pipe = listening.err().await("tcp://").lines().findFirst().orElseThrow();

        assertSaid(
                ToolRun.startWith(new ClosedInput(), "request", serving.address(), "exec", "-"),
                "standard input cannot be read: Bad file descriptor");
        assertSaid(
                ToolRun.startWith(new ClosedInput(), "pipe", pipe),
                "standard input cannot be read: Bad file descriptor");
        serving.interrupt();
        listening.interrupt();
    }

    /** 0: the writer comes and goes. 32: as many as a SHA-256 has. The others: around a chunk, and many. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 32, 64, 32_768, 32_800, 5_000_000})
    void namedPipeArrivesWhole(int size) throws Exception {
        byte[] content = random(size);
        Path fifo = fifo();
        ToolRun receive = receive();

        ToolRun send = ToolRun.start("send", fifo.toString(), receive.address());
        try (OutputStream out = Files.newOutputStream(fifo)) {
            out.write(content);
        }

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(receive.exitCode()).as(receive.err().text()).isZero();
        assertThat(inbox.resolve("fifo")).hasBinaryContent(content);
        assertThat(send.err().text()).contains(String.format("%,d bytes in", size));
        assertThat(receive.err().text()).contains("'fifo', of unknown size");
    }

    /** Pieces of 32 bytes each: none of them but the last is the SHA-256. */
    @Test
    void namedPipeArrivesWholeThoughItsPiecesLookLikeItsDigest() throws Exception {
        Path fifo = fifo();
        ToolRun receive = receive();
        byte[] content = random(32 * 40);

        ToolRun send = ToolRun.start("send", fifo.toString(), receive.address());
        try (OutputStream out = Files.newOutputStream(fifo)) {
            for (int i = 0; i < content.length; i += 32) {
                out.write(content, i, 32);
                out.flush();
            }
        }

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(receive.exitCode()).as(receive.err().text()).isZero();
        assertThat(inbox.resolve("fifo")).hasBinaryContent(content);
    }

    /** Files that have the size 0, or 4096, whatever they hold. */
    @ParameterizedTest
    @ValueSource(strings = {"/proc/version", "/proc/cpuinfo", "/sys/kernel/mm/transparent_hugepage/enabled"})
    void filesOfTheKernelArriveWhole(String path) throws Exception {
        Assumptions.assumeTrue(Files.isReadable(Path.of(path)));
        ToolRun receive = receive();

        ToolRun send = ToolRun.run("send", path, receive.address(), "--name", "kernel");

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(receive.exitCode()).as(receive.err().text()).isZero();
        assertThat(inbox.resolve("kernel")).isNotEmptyFile();
    }

    @Test
    void deviceArrivesWhole() throws Exception {
        ToolRun receive = receive();

        ToolRun send = ToolRun.run("send", "/dev/null", receive.address());

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(receive.exitCode()).isZero();
        assertThat(inbox.resolve("null")).isEmptyFile();
    }

    /** A JVM in that locale knows names of ASCII letters only; the start script gives it another. */
    @Test
    void nameThatTheReceiversLocaleCannotWriteIsExplainedAtBothEnds() throws Exception {
        Path file = Files.write(folder.resolve("a"), random(10));
        try (ToolProcess receive = ToolProcess.start(
                builder -> {
                    builder.environment().put("LC_ALL", "C");
                },
                "receive",
                inbox.toString(),
                "--once")) {

            ToolRun send = ToolRun.run("send", file.toString(), receive.address(), "--name", "gr\u00fcn");

            assertThat(send.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(send.err().text()).contains("'gr\u00fcn'", "set LC_ALL to C.UTF-8", "--name");
            assertThat(receive.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(receive.err().text()).contains("set LC_ALL to C.UTF-8", "--name");
        }
        assertThat(inbox).isEmptyDirectory();
    }

    @Test
    void nameThatTheSendersLocaleCannotReadIsExplained() throws Exception {
        try (ToolProcess send = ToolProcess.start(
                builder -> {
                    builder.environment().put("LC_ALL", "C");
                },
                "send",
                folder.resolve("gr\u00fcn").toString(),
                "tcp://127.0.0.1:9")) {
            assertThat(send.exitCode()).isNotZero();
            assertThat(send.err().text()).contains("LC_ALL").contains("C.UTF-8");
        }
    }

    @Test
    void keyFileThatOthersMayReadIsRefused() throws Exception {
        Assumptions.assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
        Path key = folder.resolve("me.key");
        Identity.generate().save(key);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-rw-rw-"));

        ToolRun id = ToolRun.run("id", key.toString());

        assertThat(id.exitCode()).isEqualTo(ExitCode.KEY_FILE);
        assertThat(id.err().text()).contains(key.toString(), "0666", "0600");
        assertThat(id.out().text()).isEmpty();
    }

    /** Where nothing understands them, codes that move a cursor are noise in a file. */
    @Test
    void barWithoutATerminalIsPlainLines() throws Exception {
        Path file = Files.write(folder.resolve("a"), random(1_000_000));
        ToolRun receive = ToolRun.start("receive", inbox.toString(), "--once", "--progress", "bar");
        ToolRun serving = ToolRun.start("serve", "--exec", "cat");

        ToolRun send = ToolRun.run("send", file.toString(), receive.address(), "--progress", "bar");
        ToolRun ping = ToolRun.run("ping", serving.address(), "--count", "2", "--progress", "bar");
        ToolRun peers = ToolRun.run("peers", "--add", serving.address(), "--until-ready", "--progress", "bar");

        assertThat(receive.exitCode()).isZero();
        for (ToolRun run : new ToolRun[] {send, receive, ping, peers}) {
            assertThat(run.exitCode()).as(run.err().text()).isZero();
            assertThat(run.err().text()).doesNotContain("\r", "\033");
        }
        serving.interrupt();
    }

    private ToolRun receive() {
        return ToolRun.start("receive", inbox.toString(), "--once");
    }

    private Path fifo() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        return fifo;
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(SEED + size).nextBytes(bytes);
        return bytes;
    }

    private static void assertSaid(ToolRun run, String part) throws Exception {
        assertThat(run.exitCode()).as(run.err().text()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err().text()).contains(part);
    }

    /** As the start script leaves it where standard input was closed. */
    private static final class ClosedInput extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("Bad file descriptor");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
        }
    }
}
