package io.weir.spring.test;

import io.weir.reactive.PeerNodeSpec;

/** What the other node of a {@link WeirTest} answers. All beans of this type are called, in their order. */
@FunctionalInterface
public interface TestPeer {

    /** The specification with handlers, limits ...; identity, transport and address are given already. */
    PeerNodeSpec declareOn(PeerNodeSpec spec);
}
