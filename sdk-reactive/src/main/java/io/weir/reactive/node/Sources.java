package io.weir.reactive.node;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many inbound connections there are from each source, whatever the port: an IPv4 address, the first 64 bits of an
 * IPv6 one, or, on a transport without IP addresses, the address as it is. Who has one IPv6 address has the 2^64 of its
 * network (RFC 4291, section 2.5.1), link-local ones included; the interface they came by is no part of it. An IPv6
 * address that only carries an IPv4 one, mapped or translated, counts as that: all of them share their first 64 bits.
 * Holds no more entries than there are connections. Thread safe.
 */
final class Sources {

    private static final int IPV4_BYTES = 4;
    private static final int MAPPED = 0xFFFF; // ::ffff:0:0/96, RFC 4291 section 2.5.5.2
    private static final long TRANSLATED = 0x0064_FF9B_0000_0000L; // 64:ff9b::/96, RFC 6052 section 2.1

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

    /** Where a connection is from, as a number: that of its network, or of a transport without IP addresses one of its address. */
    static long number(SocketAddress from) {
        Object source = source(from);
        return source instanceof Number network ? network.longValue() : source.hashCode();
    }

    private static Object source(SocketAddress from) {
        if (!(from instanceof InetSocketAddress ip) || ip.isUnresolved()) {
            return from;
        }
        ByteBuffer address =
                ByteBuffer.wrap(Objects.requireNonNull(ip.getAddress()).getAddress());
        if (address.remaining() == IPV4_BYTES) {
            return address.getInt(0);
        }
        long network = address.getLong(0);
        int next = address.getInt(Long.BYTES);
        if (network == 0 && next == MAPPED || network == TRANSLATED && next == 0) {
            return address.getInt(Long.BYTES + Integer.BYTES);
        }
        return network;
    }
}
