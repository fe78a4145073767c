package io.weir.reactive.node;

import io.weir.core.peer.PeerAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a node listens: at one address, or over several transports at one port number, all of them or none.
 *
 * @param addresses one or more, of the same host and port; what shares the socket of datagrams comes behind them
 */
public record ListenPlace(List<PeerAddress> addresses) {

    /** In the order in which they are bound: QUIC borrows the socket of the datagrams. */
    private static final List<String> ON_ONE_PORT = List.of(PeerAddress.TCP, PeerAddress.UDP, PeerAddress.QUIC);

    public ListenPlace {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("addresses are none, must be at least one");
        }
    }

    static ListenPlace at(PeerAddress address) {
        return new ListenPlace(List.of(address));
    }

    /**
     * For those transports.
     *
     * @throws IllegalArgumentException unless they are of tcp, udp and quic, at least one, each once
     */
    static ListenPlace onePort(String host, int port, String... schemes) {
        Set<String> asked = Stream.of(schemes).collect(Collectors.toUnmodifiableSet());
        if (asked.isEmpty() || asked.size() < schemes.length || !ON_ONE_PORT.containsAll(asked)) {
            throw new IllegalArgumentException(
                    "schemes are " + List.of(schemes) + ", must be one or more of " + ON_ONE_PORT + ", each once");
        }
        return new ListenPlace(ON_ONE_PORT.stream()
                .filter(asked::contains)
                .map(scheme -> address(scheme, host, port))
                .toList());
    }

    private static PeerAddress address(String scheme, String host, int port) {
        return switch (scheme) {
            case PeerAddress.TCP -> PeerAddress.tcp(host, port);
            case PeerAddress.UDP -> PeerAddress.udp(host, port);
            default -> PeerAddress.quic(host, port);
        };
    }

    /** Whether QUIC is to share the port of the datagrams. */
    boolean sharesDatagrams() {
        return has(PeerAddress.UDP) && has(PeerAddress.QUIC);
    }

    private boolean has(String scheme) {
        return addresses.stream().anyMatch(address -> address.scheme().equals(scheme));
    }

    /** Its addresses, as people are told them. */
    @Override
    public String toString() {
        return addresses.stream().map(PeerAddress::toString).collect(Collectors.joining(" and "));
    }
}
