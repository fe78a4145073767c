package io.weir.samples.cli;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.samples.cli.json.JsonObject;
import io.weir.samples.cli.ticket.Destination;
import io.weir.samples.cli.ticket.QrText;
import io.weir.samples.cli.ticket.Ticket;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a ticket, or shows what is in one. */
@Command(
        description = {
            "Given a ticket, its addresses are printed, one a line; given addresses of one peer, their ticket. Every command "
                    + "takes a ticket wherever it takes an address."
        },
        exitCodeList = {"0:it is printed", ExitCode.UNWRITTEN_TEXT, ExitCode.USAGE_TEXT},
        footer = {
            "  weir ticket 'tcp://203.0.113.7:7400#<peer id>' 'udp://203.0.113.7:7400#<peer id>'",
            "  weir ticket weir1vH0...                               what is in it",
            "  weir ticket weir1vH0... --qr                          for a camera"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class TicketCommand implements Callable<Integer> {

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "TICKET|ADDR#PEERID", description = "A ticket, or addresses of one peer.")
    private List<Destination> destinations;

    @Mixin
    private JsonOption json;

    @Option(names = "--qr", description = "Also draw the ticket as a QR code on standard error.")
    private boolean qr;

    TicketCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<PeerAddress> addresses = destinations.stream()
                .flatMap(one -> one.addresses().stream())
                .distinct()
                .toList();
        Ticket ticket = ticketOf(addresses);
        boolean given = spec.commandLine().getParseResult().originalArgs().contains(ticket.toString());
        List<String> places = addresses.stream().map(PeerAddress::toString).toList();
        if (json.wanted()) {
            console.print(new JsonObject()
                    .put("ticket", ticket.toString())
                    .put("key", ticket.peer().toString())
                    .put("addresses", places)
                    .toString());
        } else if (given) {
            places.forEach(console::print);
        } else {
            console.print(ticket.toString());
        }
        if (qr) {
            console.say(QrText.of(ticket.toString()).stripTrailing());
        }
        return ExitCode.OK;
    }

    private Ticket ticketOf(List<PeerAddress> addresses) {
        PeerId peer = addresses.get(0).expected();
        try {
            for (PeerAddress address : addresses) {
                if (address.expected() == null || !Objects.equals(peer, address.expected())) {
                    throw new IllegalArgumentException(
                            "address " + address + " must name the same peer as the others, behind a '#'");
                }
            }
            return new Ticket(Objects.requireNonNull(peer, "checked above"), addresses);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
