package io.weir.benchmarks.run;

import io.weir.benchmarks.child.Peers;

/**
 * What is measured against what: a peer, with the classes that it runs on.
 *
 * @param id its unique name, {@code PEER} or {@code PEER@BUILD}
 * @param peer the peer's id in its processes
 * @param classPath of both of its processes
 * @param description one line for the report
 */
record Candidate(String id, String peer, String classPath, String description) {
    /** A peer as it is on the harness's own class path. */
    static Candidate of(String peer) {
        return new Candidate(
                peer,
                peer,
                System.getProperty("java.class.path"),
                Peers.byId(peer).description());
    }
}
