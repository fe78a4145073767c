package io.weir.reactive.peers;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.WantedPeer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is wanted of a peer that was asked for twice. */
final class Merging {

    private Merging() {}

    /** The addresses of both, the latest ones if there are too many; the later policy, if it has one. */
    static WantedPeer of(WantedPeer before, WantedPeer now) {
        Set<PeerAddress> union = new LinkedHashSet<>(before.addresses());
        union.addAll(now.addresses());
        List<PeerAddress> addresses = union.stream()
                .skip(Math.max(0, union.size() - WantedPeer.MAX_ADDRESSES))
                .toList();
        return new WantedPeer(before.id(), addresses, now.policy() == null ? before.policy() : now.policy());
    }
}
