package io.weir.spring;

import io.weir.reactive.PeerCalls;
import io.weir.reactive.PeerDiscovery;

/**
 * The services that the application knows by a name, each of several peers that come and go. Who they are is told by a bean of type
 * {@link PeerDiscovery} with that name, or else by Spring Cloud's discovery, where the application has it. A bean. Any thread.
 */
public interface WeirServices {

    /**
     * Who the peers of that service are: for {@link io.weir.reactive.ConnectionManager#follow} and
     * {@link io.weir.reactive.ConnectionManager#balanced}.
     *
     * @throws IllegalArgumentException if nothing in the application could tell
     */
    PeerDiscovery discovery(String service);

    /**
     * Calls on that service. From the first time that a service is asked for on, its peers are kept connected while the node runs,
     * as one {@link io.weir.reactive.PeerGroup}: each call goes to one of them, by the bean of type
     * {@link io.weir.reactive.Balancing}, or its defaults. Good for the whole life of the application, also before the node has
     * started; what is held of a service stays until then, so that names should not come from outside.
     *
     * @throws IllegalArgumentException if nothing in the application could tell who its peers are
     */
    PeerCalls calls(String service);
}
