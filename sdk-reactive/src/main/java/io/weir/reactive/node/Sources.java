package io.weir.reactive.node;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many inbound connections there are from each source: an IP address whatever the port, or, on a transport without
 * IP addresses, the address as it is. Holds no more entries than there are connections. Thread safe.
 */
final class Sources {

    private final int most;
    private final Map<Object, Integer> counts = new ConcurrentHashMap<>();

    /** A count that lets in at most so many from each source. */
    Sources(int most) {
        this.most = most;
    }

    /** Counts a connection in; false, and it is not counted, if there are as many from there already as there may be. */
    boolean enter(SocketAddress from) {
        Object source = source(from);
        Integer count;
        while ((count = counts.putIfAbsent(source, 1)) != null) {
            if (count >= most) {
                return false;
            }
            if (counts.replace(source, count, count + 1)) {
                break;
            }
        }
        return true;
    }

    /** A connection that was counted in is gone. */
    void leave(SocketAddress from) {
        counts.computeIfPresent(source(from), (source, count) -> count == 1 ? null : count - 1);
    }

    /** Sources from which there are connections. */
    int size() {
        return counts.size();
    }

    private static Object source(SocketAddress from) {
        return from instanceof InetSocketAddress ip && !ip.isUnresolved()
                ? Objects.requireNonNull(ip.getAddress())
                : from;
    }
}
