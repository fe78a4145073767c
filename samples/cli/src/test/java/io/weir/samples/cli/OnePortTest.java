package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --port} of the commands that listen: all protocols at one number. */
final class OnePortTest {

    @TempDir
    private Path folder;

    @Test
    void requestsComeOverEachProtocol() throws Exception {
        ToolRun serving = ToolRun.start("serve", "--exec", "cat", "--port", "0");
        String tcp = serving.address();
        assertThat(tcp).startsWith("tcp://127.0.0.1:");

        ToolRun overTcp = ToolRun.run("request", tcp, "exec", "over tcp");
        ToolRun overUdp = ToolRun.run("request", tcp.replace("tcp:", "udp:"), "exec", "over udp");
        ToolRun overQuic = ToolRun.run("request", tcp.replace("tcp:", "quic:"), "exec", "over quic");

        assertThat(overTcp.out().text()).as(overTcp.err().text()).isEqualTo("over tcp");
        assertThat(overUdp.out().text()).as(overUdp.err().text()).isEqualTo("over udp");
        assertThat(overQuic.out().text()).as(overQuic.err().text()).isEqualTo("over quic");
        serving.interrupt();
        assertThat(serving.exitCode()).isZero();
    }

    @Test
    void aFileComesOverUdpToWhereOneMayComeOverTcp() throws Exception {
        Path inbox = Files.createDirectory(folder.resolve("inbox"));
        Path file = Files.write(folder.resolve("a"), new byte[10_000]);
        ToolRun receive = ToolRun.start("receive", inbox.toString(), "--once", "--port", "0", "--host", "127.0.0.1");

        ToolRun send = ToolRun.run("send", file.toString(), receive.address().replace("tcp:", "udp:"));

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(receive.exitCode()).as(receive.err().text()).isZero();
        assertThat(inbox.resolve("a")).hasSameBinaryContentAs(file);
    }

    @Test
    void aPortThatOneOfThemDoesNotGetIsSaid() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ToolRun receive = ToolRun.run("receive", folder.toString(), "--port", "" + taken.getLocalPort());

            assertThat(receive.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(receive.err().text()).startsWith("weir: cannot listen: ").contains("(BIND_FAILED)");
        }
    }

    @Test
    void mistakesOfUsageAreNamed() throws Exception {
        assertUsage("--listen and --port are two ways to say where", "--port", "0", "--listen", "tcp://127.0.0.1:0");
        assertUsage("--host is for --port", "--host", "::");
        assertUsage("--port is 65536, must be 0 to 65,535", "--port", "65536");
        assertUsage("--host a b: ", "--port", "0", "--host", "a b");
    }

    private void assertUsage(String message, String... options) throws Exception {
        String[] args = new String[options.length + 2];
        args[0] = "receive";
        args[1] = folder.toString();
        System.arraycopy(options, 0, args, 2, options.length);
        ToolRun run = ToolRun.run(args);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err().text()).contains(message);
    }
}
