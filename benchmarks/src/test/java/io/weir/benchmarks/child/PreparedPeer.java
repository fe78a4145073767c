package io.weir.benchmarks.child;

import io.weir.benchmarks.peer.Peer;

/** A peer that is ready to connect. */
final class PreparedPeer {
    private PreparedPeer() {}

    static Peer byId(String id) {
        Peer peer = Peers.byId(id);
        peer.prepare();
        return peer;
    }
}
