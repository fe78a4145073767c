package io.weir.reactive.transport.udp;

import io.weir.core.path.PathAddress;
import io.weir.reactive.transport.Inet;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A link-local IPv6 address (fe80::/10) says nothing without its scope, the interface, which a {@link PathAddress} does not know:
 * it is kept here, as last looked up or heard, for at most {@link #MOST} addresses; one more takes the place of another. One that
 * was heard on two interfaces is the later one's. Thread safe.
 */
final class Scopes {

    static final int MOST = 1_024;

    private final Map<PathAddress, InetSocketAddress> scoped = new ConcurrentHashMap<>();

    static boolean isScoped(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address ip && ip.isLinkLocalAddress();
    }

    /** What that address is in a datagram's head, whose scope is kept if it needs one. */
    void keep(PathAddress path, InetSocketAddress address) {
        if (scoped.size() >= MOST && !scoped.containsKey(path)) {
            Iterator<PathAddress> others = scoped.keySet().iterator();
            if (others.hasNext()) {
                others.next();
                others.remove();
            }
        }
        scoped.put(path, address);
    }

    boolean knows(PathAddress path) {
        return scoped.containsKey(path);
    }

    /** An address as people and the system know it, with its scope if it has one. */
    InetSocketAddress socketAddress(PathAddress path) {
        InetSocketAddress withScope = scoped.get(path);
        return withScope != null ? withScope : Inet.address(path);
    }

    /** For tests. */
    int size() {
        return scoped.size();
    }
}
