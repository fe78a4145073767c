package io.weir.reactive.node;

import io.weir.core.peer.PeerAddress;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;

/** Tells whether a connection to an address would come to one's own listener. Asks this machine only, never a network. */
final class OwnAddress {

    private OwnAddress() {}

    /** False also where that cannot be known, as of a listener at a name: the handshake finds out then. */
    static boolean covers(PeerAddress listener, InetSocketAddress to) {
        InetAddress target = to.getAddress();
        if (target == null || to.getPort() != listener.port() || !listener.isLiteral()) {
            return false;
        }
        try {
            InetAddress bound = InetAddress.getByName(listener.host());
            if (bound.isAnyLocalAddress()) {
                // :: takes both families, 0.0.0.0 its own
                return (bound instanceof Inet6Address || target instanceof Inet4Address) && isOfThisMachine(target);
            }
            // to connect to the unspecified address is to connect to this machine's loopback address
            return bound.equals(target)
                    || target.isAnyLocalAddress() && bound.isLoopbackAddress() && bound.getClass() == target.getClass();
        } catch (UnknownHostException | SocketException e) {
            return false;
        }
    }

    private static boolean isOfThisMachine(InetAddress address) throws SocketException {
        return address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || NetworkInterface.getByInetAddress(address) != null;
    }
}
