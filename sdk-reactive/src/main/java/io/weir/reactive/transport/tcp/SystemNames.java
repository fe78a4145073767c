package io.weir.reactive.transport.tcp;

import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.weir.core.peer.AddressFamily;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.NameResolverProvider;

/**
 * The machine's hosts file and its DNS servers, by Netty's resolver. Each family is asked for by itself, so that a server
 * which never answers for one of them does not keep back the other. Answers are kept for their time to live, failures
 * not at all.
 */
final class SystemNames implements NameLookup {

    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(2);

    private final AddressResolverGroup<?> v6;
    private final AddressResolverGroup<?> v4;

    SystemNames(LoopResources loops, boolean preferNative) {
        this(loops, preferNative, builder -> builder);
    }

    /** With settings of one's own, for tests: another server than the system's. */
    SystemNames(LoopResources loops, boolean preferNative, UnaryOperator<DnsNameResolverBuilder> settings) {
        v6 = resolvers(ResolvedAddressTypes.IPV6_ONLY, loops, preferNative, settings);
        v4 = resolvers(ResolvedAddressTypes.IPV4_ONLY, loops, preferNative, settings);
    }

    private static AddressResolverGroup<?> resolvers(
            ResolvedAddressTypes family,
            LoopResources loops,
            boolean preferNative,
            UnaryOperator<DnsNameResolverBuilder> settings) {
        return NameResolverProvider.builder()
                .queryTimeout(QUERY_TIMEOUT)
                .cacheNegativeTimeToLive(Duration.ZERO)
                .dnsAddressResolverGroupProvider(
                        builder -> new DnsAddressResolverGroup(settings.apply(builder.resolvedAddressTypes(family))))
                .build()
                .newNameResolverGroup(loops, preferNative);
    }

    @Override
    public Mono<List<InetAddress>> lookUp(String name, AddressFamily family, EventLoop loop) {
        if (family == AddressFamily.IPV6 && NetUtil.isIpV4StackPreferred()) {
            return Mono.empty(); // such a JVM can connect to none of them
        }
        AddressResolverGroup<?> resolvers = family == AddressFamily.IPV6 ? v6 : v4;
        return Mono.create(sink -> {
            @SuppressWarnings("unchecked") // both make resolvers of internet addresses only
            Future<List<InetSocketAddress>> answer = (Future<List<InetSocketAddress>>)
                    (Future<?>) resolvers.getResolver(loop).resolveAll(InetSocketAddress.createUnresolved(name, 0));
            answer.addListener(done -> {
                if (done.isSuccess()) {
                    sink.success(answer.getNow().stream()
                            .map(InetSocketAddress::getAddress)
                            .toList());
                } else {
                    sink.error(done.cause());
                }
            });
        });
    }

    @Override
    public void close() {
        v6.close();
        v4.close();
    }
}
