package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.samples.cli.ticket.Ticket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code weir vote}, of what {@code weir serve --root} holds. */
final class VoteTest {

    private static final String A = "aa".repeat(32);
    private static final String B = "bb".repeat(32);

    private ToolRun serving;
    private String address;

    @BeforeEach
    void serve() throws Exception {
        serving = ToolRun.start("serve", "--exec", "cat", "--port", "0", "--root", A, "--root", B);
        address =
                serving.address().replace("tcp:", "udp:").replaceAll("#.*", "").strip();
    }

    @AfterEach
    void end() throws Exception {
        serving.interrupt();
        assertThat(serving.exitCode()).isZero();
    }

    @Test
    void whoHoldsTheSameAgrees() throws Exception {
        ToolRun vote = ToolRun.run("vote", address, "--root", A, "--root", B);

        assertThat(vote.exitCode()).as(vote.err().text()).isZero();
        assertThat(vote.out().text().lines()).containsExactly(address + ": agree", "majority: agree");
    }

    @Test
    void whoHoldsSomethingElseDoesNot() throws Exception {
        ToolRun vote = ToolRun.run("vote", address, "--root", A, "--root", "-", "--json");

        assertThat(vote.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(vote.out().text().lines())
                .containsExactly(
                        "{\"address\":\"" + address + "\",\"vote\":\"disagree\"}", "{\"majority\":\"disagree\"}");
    }

    /** Also one with addresses that no vote can be asked at, or where nobody answers. */
    @Test
    void aTicketIsTakenAsAnAddress() throws Exception {
        PeerAddress there = PeerAddress.parse(serving.address());
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            PeerAddress nobody = PeerAddress.udp("127.0.0.1", silent.getLocalPort());
            String ticket = new Ticket(
                            Objects.requireNonNull(there.expected()),
                            List.of(there, nobody, PeerAddress.udp(there.host(), there.port())))
                    .toString();

            ToolRun vote = ToolRun.run("vote", ticket, "--root", A, "--root", B);

            assertThat(vote.exitCode()).as(vote.err().text()).isZero();
            assertThat(vote.out().text().lines())
                    .containsExactly(nobody + " or " + address + ": agree", "majority: agree");
        }
    }

    @Test
    void ticketWhoseAddressesAllStaySilentHasNoAnswer() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            PeerAddress nobody = PeerAddress.udp("127.0.0.1", silent.getLocalPort());
            String ticket = new Ticket(
                            Identity.generate().peerId(),
                            List.of(nobody, PeerAddress.udp("127.0.0.2", silent.getLocalPort())))
                    .toString();

            ToolRun vote = ToolRun.run("vote", ticket, "--root", A, "--timeout", "1");

            assertThat(vote.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(vote.out().text()).contains(": no answer: ").endsWith("majority: none\n");
        }
    }

    @Test
    void ticketWithoutAnAddressOfUdpIsAMistakeOfUsage() throws Exception {
        String ticket = new Ticket(Identity.generate().peerId(), List.of(PeerAddress.tcp("127.0.0.1", 1))).toString();

        assertUsage("votes go over udp://", ticket, "--root", A);
    }

    @Test
    void whoSaysNothingIsNobodys() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            String nobody = "udp://127.0.0.1:" + silent.getLocalPort();

            ToolRun vote = ToolRun.run("vote", nobody, address, "--root", A, "--root", B, "--timeout", "5");

            assertThat(vote.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(vote.out().text().lines())
                    .hasSize(3)
                    .satisfies(lines -> assertThat(lines.get(0)).startsWith(nobody + ": no answer: "))
                    .endsWith(address + ": agree", "majority: none");
        }
    }

    @Test
    void mistakesOfUsageAreNamed() throws Exception {
        assertUsage("--root is missing, must be given 1 to 64 times", address);
        assertUsage("--root is 'xyz', must be 64 hexadecimal digits", address, "--root", "xyz");
        assertUsage("--root is 'aa', must be 64 hexadecimal digits", address, "--root", "aa");
        assertUsage("votes go over udp://", "tcp://127.0.0.1:1", "--root", A);
        assertUsage("port 0 cannot be connected to", "udp://127.0.0.1:0", "--root", A);
        assertUsage("--timeout is 0, must be 1 to 3,600", address, "--root", A, "--timeout", "0");
    }

    private static void assertUsage(String message, String... rest) throws Exception {
        String[] args = new String[rest.length + 1];
        args[0] = "vote";
        System.arraycopy(rest, 0, args, 1, rest.length);
        ToolRun run = ToolRun.run(args);
        assertThat(run.exitCode()).as(run.err().text()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err().text()).contains(message);
    }
}
