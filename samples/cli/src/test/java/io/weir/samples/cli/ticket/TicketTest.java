package io.weir.samples.cli.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.zxing.qrcode.decoder.Decoder;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TicketTest {

    private static final PeerId ID = PeerId.parse("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    private static final String ONE_ADDRESS = "weir111qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURoBHOgJMTI3LjAuMC4xhwfqgg";

    /** Another implementation can be checked against this. */
    @Test
    void ticketOfOneAddressIsThisWord() {
        assertThat(new Ticket(ID, List.of(PeerAddress.tcp("127.0.0.1", 7400)))).hasToString(ONE_ADDRESS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp://127.0.0.1:7400",
                "udp://[2001:db8::1]:65535",
                "tcp://example.org:1 udp://example.org:1 quic://example.org:2",
                "tcp://gr\u00fcn.example:7400"
            })
    void ticketsCrossThePaste(String addresses) {
        Ticket ticket = new Ticket(
                ID,
                List.of(addresses.split(" ")).stream().map(PeerAddress::parse).toList());

        assertThat(Ticket.parse(ticket.toString())).isEqualTo(ticket);
        assertThat(ticket.addresses()).allMatch(address -> ID.equals(address.expected()));
        assertThat(ticket.toString()).matches("weir1[A-Za-z0-9_-]+");
    }

    @Test
    void whatWasCutOffOrMistypedIsNoTicket() {
        for (int length = "weir1".length(); length < ONE_ADDRESS.length(); length++) {
            String cut = ONE_ADDRESS.substring(0, length);
            assertThatIllegalArgumentException().isThrownBy(() -> Ticket.parse(cut));
        }
        for (int i = "weir1".length(); i < ONE_ADDRESS.length(); i++) {
            char other = ONE_ADDRESS.charAt(i) == 'A' ? 'B' : 'A';
            String mistyped = ONE_ADDRESS.substring(0, i) + other + ONE_ADDRESS.substring(i + 1);
            assertThatIllegalArgumentException().isThrownBy(() -> Ticket.parse(mistyped));
        }
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ticket.parse(ONE_ADDRESS.substring(0, 60)))
                .withMessage("ticket '" + ONE_ADDRESS.substring(0, 60)
                        + "': it is cut off or mistyped: its checksum is another");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ticket.parse("weir1 !"))
                .withMessage("ticket 'weir1 !': only A-Z, a-z, 0-9, '-' and '_' may stand in it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tcp://127.0.0.1:0   | must be tcp://, udp:// or quic:// with a port",
                "quic://127.0.0.1:0  | must be tcp://, udp:// or quic:// with a port",
                "memory://name       | must be tcp://, udp:// or quic:// with a port",
            })
    void addressThatCannotBeDialledIsRefused(String address, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ticket(ID, List.of(PeerAddress.parse(address))))
                .withMessageContaining(why);
    }

    @Test
    void ticketHasOneToEightAddresses() {
        PeerAddress address = PeerAddress.tcp("127.0.0.1", 7400);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ticket(ID, List.of()))
                .withMessage("addresses are 0, must be 1 to 8");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ticket(ID, Collections.nCopies(9, address)))
                .withMessage("addresses are 9, must be 1 to 8");
        assertThat(new Ticket(ID, Collections.nCopies(8, PeerAddress.tcp("a".repeat(253), 1))).toString())
                .isNotEmpty();
    }

    @Test
    void listenerAtEveryAddressIsDialledAtThoseOfTheMachine() {
        PeerAddress one = PeerAddress.udp("127.0.0.1", 7400).expecting(ID);
        assertThat(DialablePlaces.of(List.of(one))).containsExactly(one);
        for (String every : new String[] {"::", "0.0.0.0"}) {
            assertThat(DialablePlaces.of(List.of(PeerAddress.tcp(every, 7400).expecting(ID))))
                    .isNotEmpty()
                    .allMatch(place -> place.isLiteral() && place.port() == 7400 && ID.equals(place.expected()))
                    .noneMatch(place -> place.host().equals(every));
        }
    }

    @Test
    void readerOfTheDrawnCodeGetsTheTicket() throws Exception {
        String drawn = QrText.of(ONE_ADDRESS);

        List<String> lines = drawn.lines().toList();
        int size = lines.get(0).length() - 8;
        boolean[][] dark = new boolean[size][size];
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                char c = lines.get((y + 4) / 2).charAt(x + 4);
                boolean above = y % 2 == 0;
                dark[y][x] = c != '\u2588' && c != (above ? '\u2580' : '\u2584');
            }
        }
        assertThat(new Decoder().decode(dark).getText()).isEqualTo(ONE_ADDRESS);
        assertThat(lines.get(0)).matches("\u2588+").isEqualTo(lines.get(1));
        assertThat(lines)
                .allMatch(line -> line.length() == size + 8 && line.startsWith("\u2588\u2588\u2588\u2588")
                        || line.equals(lines.get(lines.size() - 1)));
    }
}
