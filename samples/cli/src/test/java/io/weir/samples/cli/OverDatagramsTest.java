package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.identity.Identity;
import java.io.ByteArrayInputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Each command at addresses {@code udp://} and {@code quic://}: the same as over TCP, of which the other tests tell more. */
@ParameterizedClass
@ValueSource(strings = {"udp", "quic"})
final class OverDatagramsTest {

    private static final long SEED = 20_261_130;

    @Parameter
    private String scheme;

    @TempDir
    private Path folder;

    private String anywhere() {
        return scheme + "://127.0.0.1:0";
    }

    private byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(SEED + size).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aFileArrivesWhole() throws Exception {
        Path inbox = Files.createDirectory(folder.resolve("inbox"));
        Path file = Files.write(folder.resolve("data.bin"), random(20_000_000));
        ToolRun receive = ToolRun.start("receive", inbox.toString(), "--once", "--listen", anywhere());
        assertThat(receive.address()).startsWith(scheme + "://127.0.0.1:");

        ToolRun send = ToolRun.run("send", file.toString(), receive.address());

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(receive.exitCode()).as(receive.err().text()).isZero();
        assertThat(inbox.resolve("data.bin")).hasSameBinaryContentAs(file);
    }

    @Test
    void aPipeCarriesBothDirectionsWhole() throws Exception {
        byte[] there = random(5_000_000);
        byte[] back = random(3_000_000);
        ToolRun listening = ToolRun.startWith(new ByteArrayInputStream(back), "pipe", "--listen", anywhere());
        String address =
                listening.err().await(scheme + "://").lines().findFirst().orElseThrow();

        ToolRun dialling = ToolRun.startWith(new ByteArrayInputStream(there), "pipe", address);

        assertThat(dialling.exitCode()).as(dialling.err().text()).isZero();
        assertThat(listening.exitCode()).as(listening.err().text()).isZero();
        assertThat(listening.out().bytes()).isEqualTo(there);
        assertThat(dialling.out().bytes()).isEqualTo(back);
    }

    @Test
    void requestsArePingedAskedAndAnswered() throws Exception {
        ToolRun serving = ToolRun.start("serve", "--exec", "cat", "--listen", anywhere());
        String address = serving.address();
        byte[] body = random(1_000_000);

        ToolRun request = ToolRun.startWith(new ByteArrayInputStream(body), "request", address, "exec", "-");
        ToolRun ping = ToolRun.run("ping", address, "--count", "25", "--interval", "1");

        assertThat(request.exitCode()).as(request.err().text()).isZero();
        assertThat(request.out().bytes()).isEqualTo(body);
        assertThat(ping.exitCode()).as(ping.err().text()).isZero();
        assertThat(ping.out().text()).startsWith("25 round trips: min ");
        serving.interrupt();
        assertThat(serving.exitCode()).isZero();
    }

    @Test
    void aPeerIsKeptConnected() throws Exception {
        ToolRun serving = ToolRun.start("serve", "--exec", "cat", "--listen", anywhere());

        ToolRun peers = ToolRun.run("peers", "--add", serving.address(), "--until-ready", "--for", "30");

        assertThat(peers.exitCode()).as(peers.err().text()).isZero();
        assertThat(peers.out().text()).contains("ready: session 1 with ");
        serving.interrupt();
        assertThat(serving.exitCode()).isZero();
    }

    @Test
    void theDemoTakesItToo() throws Exception {
        ToolRun demo = ToolRun.run("demo", "--" + scheme, "--megabytes", "2");

        assertThat(demo.exitCode()).as(demo.err().text()).isZero();
        assertThat(demo.err().text()).contains("receiver: " + scheme + "://127.0.0.1:", "2,000,000 bytes in");
    }

    @Test
    void whoIsNotExpectedIsNotTrusted() throws Exception {
        ToolRun serving = ToolRun.start("serve", "--exec", "cat", "--listen", anywhere());
        String address =
                serving.address().replaceAll("#.*", "#") + Identity.generate().peerId();

        assertThat(ToolRun.run("ping", address).exitCode()).isEqualTo(ExitCode.NOT_TRUSTED);
        serving.interrupt();
        assertThat(serving.exitCode()).isZero();
    }

    @Test
    void whereNobodyIsTheCommandSaysSo() throws Exception {
        int free;
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        ToolRun ping = ToolRun.run("ping", scheme + "://127.0.0.1:" + free);

        assertThat(ping.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(ping.err().text())
                .startsWith("weir: cannot connect to " + scheme + "://127.0.0.1:" + free + ": ")
                .endsWith("nothing accepts a connection there (CONNECT_FAILED)\n");
    }

    @Test
    void aPortThatIsTakenIsSaid() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            ToolRun receive = ToolRun.run(
                    "receive", folder.toString(), "--listen", scheme + "://127.0.0.1:" + taken.getLocalPort());

            assertThat(receive.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(receive.err().text()).startsWith("weir: cannot listen: ").contains("(BIND_FAILED)");
        }
    }
}
