package io.weir.reactive.node;

import io.weir.core.peer.PeerAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a node listens: at one address, or over two transports at one port number, both or neither.
 *
 * @param second null where there is only one; else with the host and port of the first
 */
public record ListenPlace(PeerAddress first, @Nullable PeerAddress second) {

    static ListenPlace at(PeerAddress address) {
        return new ListenPlace(address, null);
    }

    /** For TCP and for datagrams. */
    static ListenPlace onePort(String host, int port) {
        return new ListenPlace(PeerAddress.tcp(host, port), PeerAddress.udp(host, port));
    }

    List<PeerAddress> addresses() {
        return second == null ? List.of(first) : List.of(first, second);
    }

    /** Its addresses, as people are told them. */
    @Override
    public String toString() {
        return second == null ? first.toString() : first + " and " + second;
    }
}
