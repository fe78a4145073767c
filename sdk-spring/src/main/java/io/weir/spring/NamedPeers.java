package io.weir.spring;

import io.weir.reactive.Peer;
import io.weir.reactive.PeerCalls;
import java.util.Set;

/** The peers that the application knows by a name: those of {@code weir.peers}. A bean. Any thread. */
public interface NamedPeers {

    /** The names, unmodifiable. */
    Set<String> names();

    /**
     * The calls on the peer of that name: on the session that there is when a call is subscribed to, or on the next one, as those of a
     * {@link io.weir.reactive.ManagedPeer}. Good for the whole life of the application, also before the node has started.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    PeerCalls calls(String name);

    /**
     * The peer of that name across its sessions, for what is more than a call: {@link io.weir.reactive.operator.Reconnect}, above all.
     *
     * @throws IllegalArgumentException if there is none of that name, or nobody has said who it is: neither an id is configured, nor an
     *     address with one
     */
    Peer peer(String name);
}
