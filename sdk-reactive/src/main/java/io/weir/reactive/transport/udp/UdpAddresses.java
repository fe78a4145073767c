package io.weir.reactive.transport.udp;

import io.weir.core.path.PathAddress;
import io.weir.reactive.transport.Inet;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The system's addresses as {@link PathAddress}es and back. Those met lately are kept, so that a datagram from or to a known
 * peer makes no object: {@link #SLOTS} of each kind, each in the one place where its hash puts it, so that a flood of senders
 * costs nothing but the work of making theirs. Confined to the socket's loop.
 */
final class UdpAddresses {

    static final int SLOTS = 1_024;

    private final Scopes scopes;
    private final @Nullable Known[] bySocket = new Known[SLOTS];
    private final @Nullable Known[] byPath = new Known[SLOTS];

    UdpAddresses(Scopes scopes) {
        this.scopes = scopes;
    }

    /** The address of a datagram's sender; its port must not be 0. */
    PathAddress of(InetSocketAddress sender) {
        int slot = slot(sender.hashCode());
        Known known = bySocket[slot];
        if (known == null || !known.socket.equals(sender) || scope(known.socket) != scope(sender)) {
            known = new Known(sender, Inet.path(sender));
            bySocket[slot] = known;
            if (known.scoped) {
                keepScope(known);
            }
        } else if (known.scoped && !scopes.knows(known.path)) {
            keepScope(known);
        }
        return known.path;
    }

    /** Where the system sends what is for that address. */
    InetSocketAddress to(PathAddress path) {
        int slot = slot(path.hashCode());
        Known known = byPath[slot];
        if (known == null || !known.path.equals(path)) {
            known = new Known(scopes.socketAddress(path), path);
            byPath[slot] = known;
        }
        return known.socket;
    }

    private void keepScope(Known known) {
        scopes.keep(known.path, known.socket);
        byPath[slot(known.path.hashCode())] = null;
    }

    /** Equality of addresses does not see it. */
    private static int scope(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address ip ? ip.getScopeId() : 0;
    }

    private static int slot(int hash) {
        int mixed = hash * 0x9E37_79B9; // 2^32 / golden ratio: neighbours in a network lie apart
        return mixed >>> 22 & SLOTS - 1;
    }

    /** One address in both forms. */
    private static final class Known {
        private final InetSocketAddress socket;
        private final PathAddress path;
        private final boolean scoped;

        Known(InetSocketAddress socket, PathAddress path) {
            this.socket = socket;
            this.path = path;
            scoped = Scopes.isScoped(socket);
        }
    }
}
