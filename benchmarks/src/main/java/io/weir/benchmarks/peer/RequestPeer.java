package io.weir.benchmarks.peer;

/** A peer that answers requests too. */
public interface RequestPeer extends Peer {
    /** That peer, for a workload of requests; {@link IllegalArgumentException} if it has none to answer. */
    static RequestPeer of(Peer peer) {
        if (peer instanceof RequestPeer answering) {
            return answering;
        }
        throw new IllegalArgumentException("peer = " + peer.id() + ", legal: one that answers requests");
    }

    @Override
    default boolean runs(Workload workload) {
        return true;
    }

    /** Starts the side that answers each request with its own payload. */
    Server answer(RequestWorkload workload);

    /** Connects and keeps the workload's number of requests in flight. */
    Client request(String address, RequestWorkload workload, Replies replies);
}
