package io.weir.test.network;

import io.weir.core.path.PathAddress;
import io.weir.core.wire.Bytes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the addresses of hosts, which are names, are to those who stand on datagrams: 10.0.0.1 is the first that was asked for, and so
 * on; a host that moves has another one. There are up to 2^24.
 */
final class HostAddresses {

    private static final byte NETWORK = 10;

    private final List<String> names = new ArrayList<>();
    private final Map<String, Bytes> ips = new HashMap<>();

    /** Where that is. */
    PathAddress path(String address, int port) {
        return new PathAddress(ips.computeIfAbsent(address, this::next), port);
    }

    private Bytes next(String address) {
        names.add(address);
        int number = names.size();
        return Bytes.copyOf(new byte[] {NETWORK, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
    }

    /** Whose that is; a name of nobody if it was never given. */
    String name(PathAddress address) {
        byte[] ip = address.ip().toByteArray();
        int number = ip.length == 4 && ip[0] == NETWORK ? (ip[1] & 0xff) << 16 | (ip[2] & 0xff) << 8 | ip[3] & 0xff : 0;
        return number >= 1 && number <= names.size() ? names.get(number - 1) : "nobody";
    }

    /** As people are told it: the name with its number. */
    InetSocketAddress socketAddress(PathAddress address) {
        try {
            byte[] ip = address.ip().toByteArray();
            return new InetSocketAddress(InetAddress.getByAddress(name(address), ip), address.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
