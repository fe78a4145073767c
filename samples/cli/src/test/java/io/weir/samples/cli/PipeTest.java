package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.identity.Identity;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** {@code weir pipe}. */
final class PipeTest {

    private static final long SEED = 42;

    @Test
    void bothDirectionsArriveWhole() throws Exception {
        byte[] there = random(5_000_000);
        byte[] back = random(3_000_000);
        ToolRun listening = listen(new ByteArrayInputStream(back));

        ToolRun dialling = ToolRun.startWith(new ByteArrayInputStream(there), "pipe", address(listening));

        assertThat(dialling.exitCode()).as(dialling.err().text()).isZero();
        assertThat(listening.exitCode()).as(listening.err().text()).isZero();
        assertThat(listening.out().bytes()).isEqualTo(there);
        assertThat(dialling.out().bytes()).isEqualTo(back);
    }

    @Test
    void linesGoOutAsTheyAreTyped() throws Exception {
        PipedOutputStream typed = new PipedOutputStream();
        InputStream keyboard = new PipedInputStream(typed);
        ToolRun listening = listen(InputStream.nullInputStream());
        ToolRun dialling = ToolRun.startWith(keyboard, "pipe", address(listening));

        typed.write("hello\n".getBytes(StandardCharsets.UTF_8));
        typed.flush();
        listening.out().await("hello");

        assertThat(dialling.out().text()).isEmpty();
        typed.close();
        assertThat(dialling.exitCode()).isZero();
        assertThat(listening.exitCode()).isZero();
    }

    @Test
    void directionThatHasEndedLeavesTheOtherOpen() throws Exception {
        PipedOutputStream typed = new PipedOutputStream();
        InputStream keyboard = new PipedInputStream(typed);
        ToolRun listening = listen(keyboard);
        ToolRun dialling = ToolRun.start("pipe", address(listening), "--no-input");
        listening.err().await("joined with");

        typed.write("late\n".getBytes(StandardCharsets.UTF_8));
        typed.close();

        assertThat(dialling.exitCode()).as(dialling.err().text()).isZero();
        assertThat(dialling.out().text()).isEqualTo("late\n");
        assertThat(listening.exitCode()).isZero();
    }

    @Test
    void thirdPartyIsRefusedWhileTwoAreJoined() throws Exception {
        PipedOutputStream typed = new PipedOutputStream();
        InputStream keyboard = new PipedInputStream(typed);
        ToolRun listening = listen(keyboard);
        ToolRun first = ToolRun.start("pipe", address(listening));
        listening.err().await("joined with");

        ToolRun third = ToolRun.run("pipe", address(listening));

        assertThat(third.exitCode()).isEqualTo(ExitCode.FAILED);
        typed.write("for the first\n".getBytes(StandardCharsets.UTF_8));
        typed.close();
        assertThat(first.exitCode()).isZero();
        assertThat(first.out().text()).isEqualTo("for the first\n");
    }

    @Test
    void peerThatIsNotAllowedIsNotAdmitted() throws Exception {
        ToolRun listening = listen(
                InputStream.nullInputStream(),
                "--allow",
                Identity.generate().peerId().toString());

        ToolRun dialling = ToolRun.run("pipe", address(listening));

        assertThat(dialling.exitCode()).as(dialling.err().text()).isEqualTo(ExitCode.NOT_TRUSTED);
        listening.interrupt();
    }

    @Test
    void sendingToAPipeIsRefused() throws Exception {
        ToolRun listening = listen(InputStream.nullInputStream());

        ToolRun send = ToolRun.run("send", "/etc/hostname", address(listening), "--name", "x");

        assertThat(send.exitCode()).as(send.err().text()).isEqualTo(ExitCode.FAILED);
        assertThat(send.err().text()).contains("is another weir command running there?");
        listening.interrupt();
    }

    @Test
    void peerThatIsNoPipeIsSaid() throws Exception {
        ToolRun serving = ToolRun.start("serve", "--exec", "cat");

        ToolRun pipe = ToolRun.startWith(InputStream.nullInputStream(), "pipe", serving.address());

        assertThat(pipe.exitCode()).as(pipe.err().text()).isEqualTo(ExitCode.FAILED);
        assertThat(pipe.err().text()).contains("is another weir command running there?");
        serving.interrupt();
    }

    private static ToolRun listen(InputStream in, String... more) {
        String[] args = new String[more.length + 3];
        args[0] = "pipe";
        args[1] = "--listen";
        args[2] = "tcp://127.0.0.1:0";
        System.arraycopy(more, 0, args, 3, more.length);
        return ToolRun.startWith(in, args);
    }

    private static String address(ToolRun listening) throws InterruptedException {
        return listening.err().await("tcp://").lines().findFirst().orElseThrow();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(SEED + size).nextBytes(bytes);
        return bytes;
    }
}
