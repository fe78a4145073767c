package io.weir.benchmarks.child;

import io.weir.core.peer.PeerAddress;
import io.weir.test.network.LinkProfile;
import io.weir.test.proxy.UdpImpairment;
import io.weir.test.proxy.Way;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What lies between a client and a server that speak UDP, in a process of its own. */
final class Relay {
    /** The n-th datagram of a direction has the same fate with every peer. */
    private static final long SEED = 1;

    private static final String HOST = "127.0.0.1";
    private static final Pattern SOCKET = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");

    private final UdpImpairment impairment;
    private final String address;

    private Relay(UdpImpairment impairment, String address) {
        this.impairment = impairment;
        this.address = address;
    }

    /**
     * Stands between from now on.
     *
     * @param address of the server, as its peer has it
     */
    static Relay startNow(String address, LinkProfile link) {
        Matcher socket = SOCKET.matcher(address);
        if (!socket.find()) {
            throw new IllegalArgumentException("address = " + address + ", legal: with " + HOST + ":port");
        }
        UdpImpairment impairment =
                UdpImpairment.startNow(PeerAddress.udp(HOST, Integer.parseInt(socket.group(1))), SEED);
        impairment.profile(link);
        return new Relay(
                impairment,
                socket.replaceFirst(HOST + ":" + impairment.socketAddress().getPort()));
    }

    /** Where a client has to connect. */
    String address() {
        return address;
    }

    /** What became of the datagrams, in a line for each direction. */
    String counts() {
        return "to the server: " + impairment.counts(Way.TO_TARGET) + "\nto the client: "
                + impairment.counts(Way.TO_CLIENT);
    }
}
