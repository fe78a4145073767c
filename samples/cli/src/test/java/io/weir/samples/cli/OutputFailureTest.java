package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Standard output that cannot be written, and a standard error that nobody reads. */
final class OutputFailureTest {

    private static final String SAID = "weir: standard output cannot be written: No space left on device";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "keygen", "id", "receive", "send", "pipe", "ping", "peers", "request", "serve", "demo"})
    void helpThatCannotBeWrittenIsAFailure(String command) throws Exception {
        String[] args = command.isEmpty() ? new String[] {"--help"} : new String[] {command, "--help"};

        assertFailed(ToolRun.startInto(new FullDisk(), args));
    }

    @Test
    void keyAndIdThatCannotBeWrittenAreFailures() throws Exception {
        String key = folder.resolve("me.key").toString();

        assertFailed(ToolRun.startInto(new FullDisk(), "keygen", key));
        assertThat(Path.of(key)).exists();
        assertFailed(ToolRun.startInto(new FullDisk(), "id", key));
    }

    @Test
    void addressThatCannotBeWrittenEndsWhoListens() throws Exception {
        String any = "tcp://127.0.0.1:0";

        assertFailed(ToolRun.startInto(new FullDisk(), "receive", folder.toString()));
        assertFailed(ToolRun.startInto(new FullDisk(), "serve", "--exec", "cat"));
        assertFailed(ToolRun.startInto(new FullDisk(), "peers", "--listen", any));
    }

    @Test
    void resultThatCannotBeWrittenIsAFailure() throws Exception {
        Path file = Files.writeString(folder.resolve("a"), "content");
        ToolRun receiving = ToolRun.start("receive", folder.toString(), "--force");
        ToolRun serving = ToolRun.start("serve", "--exec", "cat");
        String address = serving.address();

        assertFailed(ToolRun.startInto(new FullDisk(), "send", file.toString(), receiving.address(), "--name", "b"));
        assertFailed(ToolRun.startInto(new FullDisk(), "request", address, "exec", "text"));
        assertFailed(ToolRun.startInto(new FullDisk(), "ping", address, "--count", "1"));
        assertFailed(ToolRun.startInto(new FullDisk(), "peers", "--add", address, "--until-ready"));
        assertFailed(ToolRun.startInto(new FullDisk(), "demo", file.toString()));
        receiving.interrupt();
        serving.interrupt();
    }

    /** The first line goes through, as with {@code | head -1}; what comes after a file does not. */
    @Test
    void receiverThatNobodyReadsEndsAfterTheFileThatItCouldNotTell() throws Exception {
        Path inbox = Files.createDirectory(folder.resolve("inbox"));
        Path file = Files.writeString(folder.resolve("a"), "content");
        Captured firstLine = new Captured();
        ToolRun receiving = ToolRun.startInto(new FullDisk(firstLine), "receive", inbox.toString());

        ToolRun send = ToolRun.run("send", file.toString(), firstLine.await("tcp://"));

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertFailed(receiving);
        assertThat(inbox.resolve("a")).hasContent("content");
        assertThat(receiving.err().text()).doesNotContain("nothing kept");
    }

    @Test
    void fullDeviceIsAFailureOfTheProcess() throws Exception {
        File full = new File("/dev/full");
        Assumptions.assumeTrue(full.exists());

        try (ToolProcess help = ToolProcess.start(builder -> builder.redirectOutput(full), "--help")) {
            assertThat(help.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(help.err().text()).contains(SAID);
        }
    }

    /** The loop of the node would write each refusal and each event itself, and accept nothing while it waits. */
    @Test
    void standardErrorThatNobodyReadsHoldsUpNothing() throws Exception {
        StoppedReader err = new StoppedReader();
        ToolRun serving = ToolRun.startTelling(err, "serve", "--exec", "cat", "--verbose");
        String address = serving.address();
        err.told.await("answering");

        err.stop();
        for (int i = 0; i < 3; i++) {
            ToolRun request = ToolRun.run("request", address, "exec", "text " + i);
            assertThat(request.exitCode()).as(request.err().text()).isZero();
            assertThat(request.out().text()).isEqualTo("text " + i);
        }
        err.go();

        err.told.await("ConnectionReady");
        serving.interrupt();
    }

    private static void assertFailed(ToolRun run) throws Exception {
        assertThat(run.exitCode()).as(run.err().text()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err().text().lines().filter(line -> line.startsWith("weir: ")))
                .singleElement()
                .isEqualTo(SAID);
    }

    /** Takes one line, or none. */
    private static final class FullDisk extends OutputStream {
        private final OutputStream taken;
        private boolean full;

        FullDisk() {
            taken = OutputStream.nullOutputStream();
            full = true;
        }

        FullDisk(OutputStream firstLine) {
            taken = firstLine;
        }

        @Override
        public synchronized void write(int b) throws IOException {
            if (full) {
                throw new IOException("No space left on device");
            }
            taken.write(b);
            full = b == '\n';
        }
    }

    /** Is read until it is stopped: then writing waits. */
    private static final class StoppedReader extends OutputStream {
        private final Captured told = new Captured();
        private final CountDownLatch go = new CountDownLatch(1);
        private volatile boolean stopped;

        void stop() {
            stopped = true;
        }

        void go() {
            go.countDown();
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (stopped) {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            told.write(bytes, offset, length);
        }
    }
}
