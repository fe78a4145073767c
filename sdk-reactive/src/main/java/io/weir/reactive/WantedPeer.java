package io.weir.reactive;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A peer to be kept connected: who it is, where it can be dialled, and how. At least one of the first two is said.
 *
 * @param id who it is; null, and whoever answers at the addresses is meant. Also taken from the addresses, if they tell it
 * @param addresses at most 16, without repetition, dialled in this order; none, and the peer is awaited. They all expect
 *     the id
 * @param policy null is the node's ({@link PeerNodeSpec#connections})
 */
public record WantedPeer(
        @Nullable PeerId id,
        List<PeerAddress> addresses,
        @Nullable ConnectionPolicy policy) {

    /** Addresses that one peer may have. */
    public static final int MAX_ADDRESSES = 16;

    public WantedPeer {
        for (PeerAddress address : addresses) {
            id = agreed(id, address);
        }
        PeerId expected = id;
        addresses = addresses.stream()
                .map(address -> address.expecting(expected))
                .distinct()
                .toList();
        if (addresses.size() > MAX_ADDRESSES) {
            throw new IllegalArgumentException(
                    "addresses are " + addresses.size() + ", must be at most " + MAX_ADDRESSES);
        }
        if (id == null && addresses.isEmpty()) {
            throw new IllegalArgumentException("neither id nor addresses are given; at least one of them must be");
        }
    }

    private static @Nullable PeerId agreed(@Nullable PeerId id, PeerAddress address) {
        if (address.port() == 0 && !address.scheme().equals(PeerAddress.MEMORY)) {
            throw new IllegalArgumentException("address " + address + " has port 0, which cannot be dialled");
        }
        PeerId expected = address.expected();
        if (id != null && expected != null && !id.equals(expected)) {
            throw new IllegalArgumentException("address " + address + " expects another peer than " + id);
        }
        return id != null ? id : expected;
    }

    /** Whoever answers there. */
    public static WantedPeer at(PeerAddress... addresses) {
        return new WantedPeer(null, List.of(addresses), null);
    }

    /** That peer, at these addresses. */
    public static WantedPeer of(PeerId id, PeerAddress... addresses) {
        return new WantedPeer(Objects.requireNonNull(id, "id"), List.of(addresses), null);
    }

    /** The same, kept by a policy of its own. */
    public WantedPeer withPolicy(ConnectionPolicy value) {
        return new WantedPeer(id, addresses, Objects.requireNonNull(value, "policy"));
    }
}
