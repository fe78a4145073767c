package io.weir.benchmarks.peer;

import io.weir.test.network.LinkProfile;
import java.util.Optional;

/** One thing to measure, named by its id in options, tables and targets. Each kind has its pair of methods, in {@link Peer} or {@link RequestPeer}. */
public sealed interface Workload permits StreamWorkload, RequestWorkload {
    /** Short unique name, for example {@code S-64}. */
    String id();

    /** What is measured, in words. */
    String title();

    /** What is counted, abbreviated: {@code el} for elements, {@code req} for requests with their replies. */
    String unit();

    /** Payload length of an element, request or reply in bytes. */
    int payloadBytes();

    /** What lies between client and server, both ways; nothing by default. Only peers that speak UDP run it then. */
    default Optional<LinkProfile> link() {
        return Optional.empty();
    }
}
