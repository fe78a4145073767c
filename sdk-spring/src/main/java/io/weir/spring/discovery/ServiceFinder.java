package io.weir.spring.discovery;

import io.weir.reactive.PeerDiscovery;

/** Knows of any service, or will, who its peers are. */
@FunctionalInterface
public interface ServiceFinder {

    /** The peers of the service of that name. */
    PeerDiscovery find(String service);
}
