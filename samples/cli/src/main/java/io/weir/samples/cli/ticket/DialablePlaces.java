package io.weir.samples.cli.ticket;

import io.weir.core.peer.PeerAddress;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Where others may reach a node that listens at every address of its machine: at those that lead out of it. */
public final class DialablePlaces {

    private static final String ANY_IPV4 = "0.0.0.0";
    private static final String ANY = "::";

    private DialablePlaces() {}

    /** The same addresses with each that means all of the machine's replaced by those; as many as a ticket takes. */
    public static List<PeerAddress> of(List<PeerAddress> listening) {
        return listening.stream()
                .flatMap(address -> switch (address.host()) {
                    case ANY -> each(address, host -> true).stream();
                    case ANY_IPV4 -> each(address, host -> host.getAddress().length == 4).stream();
                    default -> List.of(address).stream();
                })
                .limit(Ticket.MAX_ADDRESSES)
                .toList();
    }

    private static List<PeerAddress> each(PeerAddress listening, Predicate<InetAddress> wanted) {
        List<PeerAddress> places = new ArrayList<>();
        try {
            NetworkInterface.networkInterfaces()
                    .filter(DialablePlaces::leadsOut)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(host -> !host.isLinkLocalAddress() && !host.isLoopbackAddress())
                    .filter(wanted)
                    .map(host -> at(host, listening))
                    .forEach(places::add);
        } catch (SocketException e) {
            // A system that does not tell its interfaces: this machine can still reach itself.
        }
        if (places.isEmpty()) {
            places.add(at(InetAddress.getLoopbackAddress(), listening));
        }
        return places;
    }

    private static PeerAddress at(InetAddress host, PeerAddress listening) {
        String literal = host.getHostAddress();
        int scope = literal.indexOf('%');
        return new PeerAddress(
                listening.scheme(),
                scope < 0 ? literal : literal.substring(0, scope),
                listening.port(),
                listening.expected());
    }

    private static boolean leadsOut(NetworkInterface candidate) {
        try {
            return candidate.isUp() && !candidate.isLoopback();
        } catch (SocketException e) {
            return false;
        }
    }
}
