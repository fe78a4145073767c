package io.weir.reactive.discovery;

import io.netty.util.NetUtil;
import io.weir.core.peer.AddressFamily;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.dns.DnsAnswer;
import io.weir.reactive.transport.dns.DnsLookup;
import io.weir.reactive.transport.dns.DnsService;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * One thing to ask DNS for.
 *
 * @param what for the log
 */
record DnsQuestion(String what, Function<DnsLookup, Mono<DnsAnswer<PeerAddress>>> ask) {

    private static final Logger LOG = LoggerFactory.getLogger(DnsQuestion.class);

    /** Both families, apart: one that fails leaves the other. */
    static List<DnsQuestion> addresses(String name, int port) {
        return List.of(address(name, port, AddressFamily.IPV6), address(name, port, AddressFamily.IPV4));
    }

    private static DnsQuestion address(String name, int port, AddressFamily family) {
        return new DnsQuestion(
                family + " addresses of " + name,
                lookup -> lookup.addresses(name, family)
                        .map(answer -> answer.map(found -> PeerAddress.tcp(NetUtil.toAddressString(found), port))));
    }

    static List<DnsQuestion> services(String service) {
        Objects.requireNonNull(service, "service");
        return List.of(new DnsQuestion(
                "services of " + service,
                lookup -> lookup.services(service).map(answer -> answer.map(DnsQuestion::peer))));
    }

    /** Null for a record that names no peer: "." says that there is no such service (RFC 2782). */
    private static @Nullable PeerAddress peer(DnsService record) {
        if (record.host().isEmpty() || record.port() == 0) {
            return null;
        }
        try {
            return PeerAddress.tcp(record.host(), record.port());
        } catch (IllegalArgumentException e) {
            LOG.warn("An SRV record names no host that could be dialled: {}", e.getMessage());
            return null;
        }
    }
}
