package io.weir.benchmarks.child;

import io.weir.Weir;
import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.metered.MeteredPeer;
import io.weir.benchmarks.peer.netty.RawTcpPeer;
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
    private static final Map<String, Supplier<Peer>> ALL = new LinkedHashMap<>();

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
    }

    private Peers() {}

    /** The ids of all peers. */
    public static List<String> ids() {
        return List.copyOf(ALL.keySet());
    }

    /** A new instance of the peer of that id; {@link IllegalArgumentException} names the legal ones otherwise. */
    public static Peer byId(String id) {
        Supplier<Peer> peer = ALL.get(id);
        if (peer == null) {
            throw unknown(id);
        }
        return peer.get();
    }

    /** Resolves names given by a user, of which {@code all} is one; in table order and without repetitions. */
    public static List<String> select(List<String> names) {
        Set<String> chosen = new LinkedHashSet<>();
        for (String name : names) {
            String wanted = name.strip().toLowerCase(Locale.ROOT);
            if (wanted.equals("all")) {
                chosen.addAll(ALL.keySet());
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
                "unknown peer '" + name.strip() + "', legal: all, " + String.join(", ", ALL.keySet()));
    }
}
