package io.weir.benchmarks.child;

import io.weir.Weir;
import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.aeron.AeronPeer;
import io.weir.benchmarks.peer.datagram.RawDatagramPeer;
import io.weir.benchmarks.peer.metered.MeteredPeer;
import io.weir.benchmarks.peer.netty.RawTcpPeer;
import io.weir.benchmarks.peer.quic.QuicPeer;
import io.weir.benchmarks.peer.rsocket.RSocketPeer;
import io.weir.benchmarks.peer.weir.WeirPeer;
import io.weir.reactive.NativeCipher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The registry of peers, in the order of the table. A peer's classes load only in the processes that run it. */
public final class Peers {
    /** Names the peers over byte streams together: those that are measured unless others are named. */
    public static final String TCP = "tcp";

    private static final String UDP = "udp";
    private static final Map<String, Supplier<Peer>> ALL = new LinkedHashMap<>();
    private static final Set<String> OVER_DATAGRAMS = new LinkedHashSet<>();

    static {
        ALL.put("weir", WeirPeer::ofDefaults);
        // not in the peer's own package, which is compiled against builds that do not have this
        ALL.put(
                "weir-jdk",
                () -> WeirPeer.of(
                        "weir-jdk", "sealed by the JDK's cipher", Weir.node().nativeCipher(NativeCipher.REFUSED)));
        ALL.put("weir-metrics", MeteredPeer::ofDefaults);
        ALL.put("raw", RawTcpPeer::plain);
        ALL.put("raw-tls", RawTcpPeer::tls);
        ALL.put("raw-tls-256", RawTcpPeer::tls256);
        ALL.put("raw-tls-each", RawTcpPeer::tlsEach);
        ALL.put("rsocket", RSocketPeer::plain);
        ALL.put("rsocket-tls", RSocketPeer::tls);
        overDatagrams("weir-udp", () -> WeirDatagrams.of("weir-udp", WeirDatagrams.ETHERNET_BYTES));
        overDatagrams("weir-udp-8k", () -> WeirDatagrams.of("weir-udp-8k", WeirDatagrams.LARGE_BYTES));
        overDatagrams("weir-udp-jdk", () -> WeirDatagrams.jdkCipher("weir-udp-jdk", WeirDatagrams.ETHERNET_BYTES));
        overDatagrams("weir-quic", () -> WeirDatagrams.quic("weir-quic"));
        overDatagrams("raw-udp", RawDatagramPeer::nativeCipher);
        overDatagrams("raw-udp-jdk", RawDatagramPeer::jdkCipher);
        overDatagrams("quic", QuicPeer::plain);
        overDatagrams("quic-gso", QuicPeer::offload);
        overDatagrams("quic-8k", QuicPeer::large);
        overDatagrams("aeron", AeronPeer::ethernet);
        overDatagrams("aeron-8k", AeronPeer::large);
    }

    private Peers() {}

    private static void overDatagrams(String id, Supplier<Peer> peer) {
        ALL.put(id, peer);
        OVER_DATAGRAMS.add(id);
    }

    /** The ids of all peers. */
    public static List<String> ids() {
        return List.copyOf(ALL.keySet());
    }

    /** Whether the peer of that id sends datagrams, to one port. */
    public static boolean isOverDatagrams(String id) {
        return OVER_DATAGRAMS.contains(id);
    }

    /** A new instance of the peer of that id; {@link IllegalArgumentException} names the legal ones otherwise. */
    public static Peer byId(String id) {
        Supplier<Peer> peer = ALL.get(id);
        if (peer == null) {
            throw unknown(id);
        }
        return peer.get();
    }

    /**
     * Resolves names given by a user, of which {@code tcp}, {@code udp} and {@code all} name several peers; in table order and
     * without repetitions.
     */
    public static List<String> select(List<String> names) {
        Set<String> chosen = new LinkedHashSet<>();
        for (String name : names) {
            String wanted = name.strip().toLowerCase(Locale.ROOT);
            if (wanted.equals("all")) {
                chosen.addAll(ALL.keySet());
            } else if (wanted.equals(TCP) || wanted.equals(UDP)) {
                ALL.keySet().stream()
                        .filter(id -> OVER_DATAGRAMS.contains(id) == wanted.equals(UDP))
                        .forEach(chosen::add);
            } else if (ALL.containsKey(wanted)) {
                chosen.add(wanted);
            } else {
                throw unknown(name);
            }
        }
        List<String> ordered = new ArrayList<>(ALL.keySet());
        ordered.retainAll(chosen);
        return ordered;
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException(
                "unknown peer '" + name.strip() + "', legal: all, tcp, udp, " + String.join(", ", ALL.keySet()));
    }
}
