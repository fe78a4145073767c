package io.weir.benchmarks.child;

import io.weir.Weir;
import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.weir.WeirPeer;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NativeCipher;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.transport.UdpOptions;
import java.util.Locale;

/** Weir over datagrams of a size. Not in the peer's own package, which is compiled against builds that do not have this. */
final class WeirDatagrams {
    /** What fits Ethernet with IPv6, where QUIC and Aeron are measured with about as much. */
    static final int ETHERNET_BYTES = 1_452;

    /** What jumbo frames or loopback carry. */
    static final int LARGE_BYTES = 8_192;

    private WeirDatagrams() {}

    /** Nodes as they are by default, with datagrams of so many bytes at most. */
    static Peer of(String id, int maxDatagramBytes) {
        return of(id, maxDatagramBytes, "", Weir.node());
    }

    /** The same with the JDK's own cipher. */
    static Peer jdkCipher(String id, int maxDatagramBytes) {
        return of(
                id,
                maxDatagramBytes,
                ", sealed by the JDK's cipher",
                Weir.node().nativeCipher(NativeCipher.REFUSED));
    }

    /** Nodes as they are by default, over QUIC. */
    static Peer quic(String id) {
        return WeirPeer.at(
                id,
                "QUIC (quiche), TLS 1.3 by BoringSSL, CUBIC",
                "default configuration",
                Weir.node(),
                PeerAddress.quic("127.0.0.1", 0));
    }

    private static Peer of(String id, int maxDatagramBytes, String cipher, PeerNodeSpec spec) {
        UdpOptions options = UdpOptions.defaults().withMaxDatagramBytes(maxDatagramBytes);
        String configuration = String.format(Locale.ROOT, "datagrams of up to %,d B", maxDatagramBytes);
        return WeirPeer.overDatagrams(id, configuration + cipher, spec.udp(options));
    }
}
