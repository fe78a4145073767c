package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.identity.Identity;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir peers}. */
final class PeersTest {

    private static final String READY = "ready: session %d with %s, ";

    @TempDir
    private Path folder;

    private Path key;
    private String id;
    private ToolRun serving;

    @BeforeEach
    void serve() throws Exception {
        key = folder.resolve("server.key");
        id = ToolRun.run("keygen", key.toString()).out().text().strip();
        serving = serve("tcp://127.0.0.1:0");
    }

    @AfterEach
    void breakOff() throws Exception {
        serving.interrupt();
        assertThat(serving.exitCode()).as(serving.err().text()).isZero();
    }

    @Test
    void eachChangeIsALineUntilThePeerIsReady() throws Exception {
        ToolRun peers = ToolRun.run("peers", "--add", serving.address(), "--until-ready");

        assertThat(peers.exitCode()).as(peers.err().text()).isZero();
        assertThat(peers.out().text())
                .contains(place() + " handshaking\n")
                .containsPattern(place() + " " + String.format(READY, 1, id) + "\\d+\\.\\d{3} ms\\R$");
        assertThat(peers.err().text()).isEmpty();
    }

    /** At the port at which the other end has TCP nobody has datagrams. */
    @Test
    void peerIsReachedByAnotherTransportThanThePreferredAndTheLineSaysWhy() throws Exception {
        String overUdp = "udp" + place().substring("tcp".length());
        ToolRun peers = ToolRun.run(
                "peers",
                "--add",
                serving.address(),
                "--add",
                overUdp + "#" + id,
                "--prefer",
                "udp,tcp",
                "--until-ready");

        assertThat(peers.exitCode()).as(peers.err().text()).isZero();
        assertThat(peers.out().text())
                .containsPattern(
                        String.format(READY, 1, id) + "\\d+\\.\\d{3} ms, not by " + overUdp + ": CONNECT_FAILED\\R$");
    }

    @Test
    void transportThatCannotBeIsRefused() throws Exception {
        ToolRun peers = ToolRun.run("peers", "--add", serving.address(), "--prefer", "udp,UDP");

        assertThat(peers.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(peers.err().text()).contains("--prefer: scheme is 'UDP'");
    }

    @Test
    void lostPeerIsDialledUntilItIsBack() throws Exception {
        ToolRun peers = ToolRun.start("peers", "--add", serving.address());
        peers.out().await(String.format(READY, 1, id));

        serving.interrupt();
        assertThat(serving.exitCode()).isZero();
        assertThat(peers.out().await(place() + " backing off")).contains("1 failed");
        serving = serve(place());
        peers.out().await(String.format(READY, 2, id));

        peers.interrupt();
        assertThat(peers.exitCode()).as(peers.err().text()).isZero();
        assertThat(peers.err().text()).isEmpty();
        assertThat(peers.out().text()).doesNotContain("removed");
    }

    @Test
    void peersThatAreAllowedAreAwaited() throws Exception {
        Path ownKey = folder.resolve("own.key");
        String own = ToolRun.run("keygen", ownKey.toString()).out().text().strip();
        ToolRun awaiting = ToolRun.start(
                "peers", "--listen", "tcp://127.0.0.1:0", "--allow", own, "--add", serving.address(), "--until-ready");
        String address = awaiting.address();
        awaiting.out().await(own + " awaited");

        ToolRun dialling = ToolRun.start("peers", "--add", address, "--identity", ownKey.toString());

        assertThat(awaiting.exitCode()).as(awaiting.err().text()).isZero();
        assertThat(awaiting.out().text())
                .contains(own + " " + String.format(READY, 1, own), place() + " " + String.format(READY, 1, id));
        assertThat(dialling.out().await("backing off")).doesNotContain("LINK_LOST");
        dialling.interrupt();
        assertThat(dialling.exitCode()).isZero();
    }

    @Test
    void strangerIsNotAdmittedAndEndsByItself() throws Exception {
        ToolRun awaiting = ToolRun.start("peers", "--listen", "tcp://127.0.0.1:0", "--allow", id);

        ToolRun stranger = ToolRun.run("peers", "--add", awaiting.address());

        assertThat(stranger.exitCode()).isEqualTo(ExitCode.NOT_TRUSTED);
        assertThat(stranger.out().text()).contains("gave up: NOT_ADMITTED");
        assertThat(stranger.err().text())
                .startsWith("weir: 1 of 1 not connected: ")
                .endsWith("(NOT_ADMITTED)\n");
        awaiting.err().await("not --allow'ed");
        awaiting.interrupt();
        assertThat(awaiting.exitCode()).isZero();
    }

    @Test
    void otherPeerThanTheExpectedIsDialledAgainAndNamed() throws Exception {
        String address = place() + "#" + Identity.generate().peerId();

        ToolRun peers = ToolRun.start("peers", "--add", address);

        peers.out().await("IDENTITY_MISMATCH");
        assertThat(peers.out().text()).contains("backing off").doesNotContain("gave up");
        peers.interrupt();
        assertThat(peers.exitCode()).isZero();
    }

    @Test
    void ownAddressIsRefused() throws Exception {
        ToolRun peers = ToolRun.run("peers", "--identity", key.toString(), "--add", serving.address());

        assertThat(peers.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(peers.err().text())
                .startsWith("weir: cannot keep " + serving.address() + " connected: ")
                .endsWith("(SELF_CONNECT)\n");
    }

    @Test
    void timeIsUpWithoutThePeer() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            free = socket.getLocalPort();
        }

        ToolRun peers = ToolRun.run("peers", "--add", "tcp://127.0.0.1:" + free, "--for", "3");

        assertThat(peers.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(peers.out().text()).containsPattern("backing off 0\\.\\d s: CONNECT_FAILED, 1 failed");
        assertThat(peers.err().text()).isEqualTo("weir: 1 of 1 not connected\n");
    }

    @Test
    void tableOnATerminalShowsTheSame() throws Exception {
        ToolRun peers = ToolRun.run(
                "peers", "--add", serving.address(), "--until-ready", "--progress", "bar", "--columns", "160");

        assertThat(peers.exitCode()).isZero();
        assertThat(peers.out().text()).isEmpty();
        assertThat(peers.err().text())
                .startsWith("\rPEER")
                .containsPattern("\r" + place() + " +" + id
                        + " +ready: session 1 +\\d\\d:\\d\\d:\\d\\d +\\d+\\.\\d{3} ms\033\\[K\n\033\\[J$");
    }

    private ToolRun serve(String address) {
        return ToolRun.start("serve", "--exec", "cat", "--identity", key.toString(), "--listen", address);
    }

    private String place() throws InterruptedException {
        return serving.address().replaceAll("#.*", "");
    }
}
