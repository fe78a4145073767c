package io.weir.reactive;

import io.weir.core.identity.PeerId;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.Set;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/**
 * Decides who may have a session with this node. Asked once for each inbound connection, after the peer has proved its
 * identity and before this node has said anything but its own identity; a refusal ends the connection with
 * {@code NOT_ADMITTED}. Empty, {@code false} and an error all refuse.
 */
@FunctionalInterface
public interface PeerAdmission {

    /**
     * Whether to admit.
     *
     * @return subscribed on the session's loop; it may answer from any thread, within the handshake time-out
     */
    Mono<Boolean> admit(Candidate candidate);

    /**
     * Who asks.
     *
     * @param peer who has proved to be there
     * @param remoteAddress where the connection came from; of TCP the port is of its choosing
     */
    record Candidate(PeerId peer, SocketAddress remoteAddress) {}

    /** Everyone who can prove an identity. */
    static PeerAdmission allowAll() {
        return candidate -> Mono.just(true);
    }

    /** Only these peers. The collection is copied. */
    static PeerAdmission allowList(Collection<PeerId> peers) {
        Set<PeerId> allowed = Set.copyOf(peers);
        return candidate -> Mono.just(allowed.contains(candidate.peer()));
    }

    /** Those that pass the test, which must not block. */
    static PeerAdmission matching(Predicate<Candidate> test) {
        return candidate -> Mono.fromSupplier(() -> test.test(candidate));
    }
}
