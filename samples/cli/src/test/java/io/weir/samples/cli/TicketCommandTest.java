package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.samples.cli.ticket.Ticket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ticket wherever an address is taken, and {@code weir ticket}. */
final class TicketCommandTest {

    private static final PeerId ID = Identity.generate().peerId();
    private static final String ADDRESS = "tcp://192.0.2.1:7400#" + ID;
    private static final String OTHER_ADDRESS = "udp://[2001:db8::1]:7400#" + ID;

    @TempDir
    private Path folder;

    @Test
    void addressesBecomeATicketAndATicketTheAddresses() throws Exception {
        ToolRun made = ToolRun.run("ticket", ADDRESS, OTHER_ADDRESS);
        assertThat(made.exitCode()).as(made.err().text()).isZero();
        String ticket = made.out().text().strip();

        ToolRun shown = ToolRun.run("ticket", ticket);

        assertThat(shown.out().text()).isEqualTo(ADDRESS + "\n" + OTHER_ADDRESS + "\n");
        assertThat(ToolRun.run("ticket", ticket, "--json").out().text())
                .isEqualTo("{\"ticket\":\"" + ticket + "\",\"key\":\"" + ID + "\",\"addresses\":[\"" + ADDRESS + "\",\""
                        + OTHER_ADDRESS + "\"]}\n");
        assertThat(ToolRun.run("ticket", ticket, "--qr").err().text()).contains("\u2588\u2580");
    }

    @Test
    void addressesOfDifferentPeersMakeNoTicket() throws Exception {
        for (String other : List.of(
                "tcp://192.0.2.2:7400",
                "tcp://192.0.2.2:7400#" + Identity.generate().peerId())) {
            ToolRun run = ToolRun.run("ticket", ADDRESS, other);

            assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(run.err().text()).contains("address " + other + " must name the same peer");
        }
    }

    @Test
    void ticketThatReceivePrintsIsTakenBySend() throws Exception {
        Path inbox = Files.createDirectory(folder.resolve("inbox"));
        Path file = Files.writeString(folder.resolve("a"), "content");
        ToolRun receive = ToolRun.start("receive", inbox.toString(), "--once", "--ticket", "--qr");
        String ticket = receive.out().await("weir1");

        ToolRun send = ToolRun.run("send", file.toString(), ticket);

        assertThat(send.exitCode()).as(send.err().text()).isZero();
        assertThat(receive.exitCode()).isZero();
        assertThat(inbox.resolve("a")).hasContent("content");
        assertThat(receive.err().text()).contains("\u2588\u2580").doesNotContain("ticket: ");
    }

    /** At one of its addresses nobody listens, at the next somebody else. */
    @Test
    void addressOfATicketThatAnswersIsFound() throws Exception {
        ToolRun serving = ToolRun.start("serve", "--exec", "cat", "--listen", "udp://127.0.0.1:0");
        ToolRun another = ToolRun.start("serve", "--exec", "cat");
        PeerAddress address = PeerAddress.parse(serving.address());
        String ticket = new Ticket(
                        address.expected(),
                        List.of(
                                PeerAddress.tcp("127.0.0.1", freePort()),
                                PeerAddress.parse(another.address()),
                                address))
                .toString();

        assertThat(ToolRun.run("ping", ticket, "--count", "1").exitCode()).isZero();
        assertThat(ToolRun.run("request", ticket, "exec", "hello").out().text()).isEqualTo("hello");
        ToolRun peers = ToolRun.run("peers", "--add", ticket, "--until-ready");

        assertThat(peers.exitCode()).as(peers.err().text()).isZero();
        serving.interrupt();
        another.interrupt();
    }

    @Test
    void untrustedEndIsToldBeforeOneThatCannotBeReached() throws Exception {
        ToolRun another = ToolRun.start("serve", "--exec", "cat");
        String ticket = new Ticket(
                        ID, List.of(PeerAddress.parse(another.address()), PeerAddress.tcp("127.0.0.1", freePort())))
                .toString();

        ToolRun ping = ToolRun.run("ping", ticket, "--count", "1");

        assertThat(ping.exitCode()).as(ping.err().text()).isEqualTo(ExitCode.NOT_TRUSTED);
        assertThat(ping.err().text()).contains(" or tcp://127.0.0.1:", "IDENTITY_MISMATCH");
        another.interrupt();
    }

    @Test
    void addressesOfOneKeyAreOnePeer() throws Exception {
        ToolRun serving = ToolRun.start("serve", "--exec", "cat");
        PeerAddress address = PeerAddress.parse(serving.address());
        String dead = PeerAddress.tcp("127.0.0.1", freePort())
                .expecting(address.expected())
                .toString();

        ToolRun peers = ToolRun.run("peers", "--add", dead, "--add", address.toString(), "--until-ready", "--json");

        assertThat(peers.exitCode()).as(peers.err().text()).isZero();
        assertThat(peers.out().text().lines())
                .allMatch(line -> line.startsWith("{\"peer\":\"" + dead.replaceAll("#.*", "")))
                .last()
                .asString()
                .contains("\"key\":\"" + address.expected() + "\",\"state\":\"ready\"");
        serving.interrupt();
    }

    @Test
    void ticketIsNothingToListenAt() throws Exception {
        String ticket = ToolRun.run("ticket", ADDRESS).out().text().strip();

        ToolRun receive = ToolRun.run("receive", folder.toString(), "--listen", ticket);

        assertThat(receive.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(receive.err().text()).contains("is a ticket, which is for dialling");
    }

    @Test
    void brokenTicketIsAMistakeOfUsage() throws Exception {
        String ticket = ToolRun.run("ticket", ADDRESS).out().text().strip();

        ToolRun ping = ToolRun.run("ping", ticket.substring(0, ticket.length() - 1));

        assertThat(ping.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(ping.err().text()).contains("it is cut off or mistyped");
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
