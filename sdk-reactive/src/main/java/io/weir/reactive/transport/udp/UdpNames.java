package io.weir.reactive.transport.udp;

import io.weir.core.path.PathAddress;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.DialProgress;
import io.weir.reactive.transport.Inet;
import io.weir.reactive.transport.dns.PeerNames;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/** Where peers are, as {@link PathAddress}es, of which those that need a scope have it kept. Thread safe. */
final class UdpNames {

    private final PeerNames names;
    private final Scopes scopes;

    UdpNames(PeerNames names, Scopes scopes) {
        this.names = names;
        this.scopes = scopes;
    }

    /** As {@link io.weir.reactive.transport.DatagramTransport#resolve}. */
    Mono<List<PathAddress>> resolve(PeerAddress address, Duration timeout, DialProgress progress) {
        return names.resolve(address, timeout, progress)
                .map(hosts ->
                        hosts.stream().map(host -> place(host, address.port())).toList());
    }

    private PathAddress place(InetAddress host, int port) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        PathAddress place = Inet.path(address);
        if (Scopes.isScoped(address) && ((Inet6Address) host).getScopeId() != 0) {
            scopes.keep(place, address);
        }
        return place;
    }
}
