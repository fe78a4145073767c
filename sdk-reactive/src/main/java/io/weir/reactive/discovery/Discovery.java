package io.weir.reactive.discovery;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerDiscovery;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import reactor.core.publisher.Flux;

/** The ways to find peers that come with Weir. */
public final class Discovery {

    private Discovery() {}

    /** Always these; completes after them. */
    public static PeerDiscovery fixed(PeerAddress... peers) {
        return fixed(Set.of(peers));
    }

    /** Always these; completes after them. What is there twice counts once. */
    public static PeerDiscovery fixed(Collection<PeerAddress> peers) {
        Set<PeerAddress> set = Set.copyOf(new LinkedHashSet<>(peers));
        return () -> Flux.just(set);
    }

    /**
     * What another discovery finds, but no more peers than that: in the order of their addresses as text; the rest is logged.
     *
     * @param maxPeers 1 to 65,536
     */
    public static PeerDiscovery limited(PeerDiscovery discovery, int maxPeers) {
        Objects.requireNonNull(discovery, "discovery");
        MostPeers.checked(maxPeers);
        return () -> Flux.defer(() -> discovery.peers().map(new MostPeers(maxPeers)::of))
                .distinctUntilChanged();
    }

    /**
     * The IPv6 and IPv4 addresses of a name, each one a peer at that port over TCP. A port of 0 cannot be dialled.
     *
     * @throws IllegalArgumentException if the name or the port is none
     */
    public static DnsDiscovery dns(String name, int port) {
        if (port == 0) {
            throw new IllegalArgumentException("port is 0, must be 1..65535");
        }
        PeerAddress any = PeerAddress.tcp(name, port);
        if (any.isLiteral()) {
            throw new IllegalArgumentException("name is " + name + ", which is an address: nothing can be looked up");
        }
        return DnsDiscovery.of(DnsQuestion.addresses(name, port));
    }

    /**
     * The hosts and ports that a service's SRV records name (RFC 2782), each one a peer over TCP. The hosts stay names: a
     * dial looks them up. Priorities and weights are all the same, since every peer is wanted.
     *
     * @param service such as {@code _weir._tcp.example.org}
     */
    public static DnsDiscovery dnsService(String service) {
        return DnsDiscovery.of(DnsQuestion.services(service));
    }
}
