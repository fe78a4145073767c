package io.weir.samples.cli.ticket;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom to connect to: an address, or a ticket.
 *
 * @param addresses one or more, all of one peer
 */
public record Destination(List<PeerAddress> addresses) {

    /**
     * Reads either of them.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static Destination parse(String text) {
        return new Destination(
                Ticket.isMeant(text) ? Ticket.parse(text).addresses() : List.of(PeerAddress.parse(text)));
    }

    /** Who must answer there; null, and whoever does is taken. */
    public @Nullable PeerId expected() {
        return addresses.get(0).expected();
    }

    /** The places, as people read them. */
    @Override
    public String toString() {
        List<String> places = addresses.stream()
                .map(address -> address.expecting(null).toString())
                .toList();
        return String.join(" or ", places);
    }
}
