package io.weir.samples.cli;

import io.weir.core.peer.PeerAddress;
import io.weir.samples.cli.json.JsonObject;
import io.weir.samples.cli.ticket.DialablePlaces;
import io.weir.samples.cli.ticket.QrText;
import io.weir.samples.cli.ticket.Ticket;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** How a listening end tells where it is. */
final class AnnounceOption {

    @Option(
            names = "--ticket",
            description =
                    "Print the ticket in place of the address: key and addresses in one word, with those of all the "
                            + "machine's networks where it listens at every address.")
    private boolean ticketOnly;

    @Option(names = "--qr", description = "Also draw the ticket as a QR code on standard error.")
    private boolean qr;

    /** Prints it as the first result, and tells people the ticket. */
    void announce(OpenNode open, Console console, boolean json) {
        announce(open, console, json, console::print);
    }

    /** The same, where standard output is not for that. */
    void announce(OpenNode open, Console console, boolean json, Consumer<String> result) {
        List<PeerAddress> addresses = open.node().addresses();
        Ticket ticket = new Ticket(open.node().id(), DialablePlaces.of(addresses));
        String address = addresses.get(0).toString();
        if (json) {
            result.accept(new JsonObject()
                    .put("address", address)
                    .put(
                            "addresses",
                            addresses.stream().map(PeerAddress::toString).toList())
                    .put("ticket", ticket.toString())
                    .toString());
        } else {
            result.accept(ticketOnly ? ticket.toString() : address);
        }
        if (!ticketOnly) {
            console.say("ticket: " + ticket);
        }
        if (qr) {
            console.say(QrText.of(ticket.toString()).stripTrailing());
        }
    }
}
