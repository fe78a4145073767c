package io.weir.reactive.node;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.Vote;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.VoteOptions;
import io.weir.reactive.session.port.NodePorts;
import io.weir.reactive.transport.DatagramTransport;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** The votes that a node asks for: over which transport, if over any. Thread safe. */
final class NodeVotes {

    private final Transports transports;
    private final NodePorts ports;

    NodeVotes(Transports transports, NodePorts ports) {
        this.transports = transports;
        this.ports = ports;
    }

    /** {@link io.weir.reactive.PeerNode#vote(PeerAddress, RootSet, VoteOptions)}. */
    Mono<Vote> vote(PeerAddress address, RootSet roots, VoteOptions options) {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(roots, "roots");
        Objects.requireNonNull(options, "options");
        String whyNot = transports.whyNotDialled(address);
        if (whyNot != null) {
            return unusable(whyNot);
        }
        return transports.forAddress(address) instanceof DatagramTransport datagrams
                ? ports.vote(datagrams, address, roots, options)
                : unusable("votes go over datagrams: " + address);
    }

    private static Mono<Vote> unusable(String why) {
        return Mono.error(new ConnectException(CloseReason.local(ErrorCode.ADDRESS_UNUSABLE, why)));
    }
}
