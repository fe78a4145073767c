package io.weir.reactive.transport.dns;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.HostsFileEntriesProvider;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.weir.core.peer.AddressFamily;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/**
 * The machine's hosts file, read for each look-up, and for what it does not name its DNS servers, by Netty's resolver: over
 * UDP, and over TCP what does not fit there. Each family is asked for by itself, so that a server which never answers for
 * one of them does not keep back the other. Answers are kept for their time to live, failures not at all. That there is no
 * address is an answer; that a server did not say is an error.
 */
public final class SystemNames implements NameLookup {

    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(2);

    private final LoopResources loops;
    private final Supplier<HostsFileEntriesProvider> hostsFile;
    private final DnsNameResolverBuilder v6;
    private final DnsNameResolverBuilder v4;
    private final Sinks.Empty<Void> closed = Sinks.empty();

    /** With the channels of these loops. */
    public SystemNames(LoopResources loops) {
        this(loops, HostsFileEntriesProvider.parser()::parseSilently, builder -> builder);
    }

    /** With settings of one's own, for tests: another file and another server than the system's. */
    SystemNames(
            LoopResources loops,
            Supplier<HostsFileEntriesProvider> hostsFile,
            UnaryOperator<DnsNameResolverBuilder> settings) {
        this.loops = loops;
        this.hostsFile = hostsFile;
        v6 = settings.apply(resolver(ResolvedAddressTypes.IPV6_ONLY));
        v4 = settings.apply(resolver(ResolvedAddressTypes.IPV4_ONLY));
    }

    private DnsNameResolverBuilder resolver(ResolvedAddressTypes family) {
        return new DnsNameResolverBuilder()
                .resolvedAddressTypes(family)
                .queryTimeoutMillis(QUERY_TIMEOUT.toMillis())
                .resolveCache(new KeptAnswers())
                .hostsFileEntriesResolver((name, types) -> null); // Netty's own is read once for the JVM
    }

    @Override
    public Mono<List<InetAddress>> lookUp(String name, AddressFamily family, EventLoop loop) {
        if (family == AddressFamily.IPV6 && NetUtil.isIpV4StackPreferred()) {
            return Mono.empty(); // such a JVM can connect to none of them
        }
        Mono<List<InetAddress>> fromDns =
                Mono.create(sink -> ask(name, family == AddressFamily.IPV6 ? v6 : v4, loop, sink));
        // Reading a file may block, so it is done elsewhere.
        Mono<List<InetAddress>> answer = Mono.fromCallable(hostsFile::get)
                .subscribeOn(Schedulers.boundedElastic())
                .mapNotNull(hosts -> named(hosts, name, family))
                .switchIfEmpty(fromDns);
        return Mono.firstWithSignal(answer, closed.asMono().then(Mono.never()));
    }

    /** Fails what is under way, while its loop can still tell. */
    @Override
    public void close() {
        closed.tryEmitError(new IOException("the transport is disposed"));
    }

    /** Its addresses of the family; null if the file does not name it at all. As in any program, DNS adds none to those. */
    private static @Nullable List<InetAddress> named(
            HostsFileEntriesProvider hosts, String name, AddressFamily family) {
        String key = name.toLowerCase(Locale.ENGLISH);
        Map<String, List<InetAddress>> ipv6 = hosts.ipv6Entries();
        Map<String, List<InetAddress>> ipv4 = hosts.ipv4Entries();
        if (!ipv6.containsKey(key) && !ipv4.containsKey(key)) {
            return null;
        }
        return (family == AddressFamily.IPV6 ? ipv6 : ipv4).getOrDefault(key, List.of());
    }

    /** A resolver for each look-up, so that what it observes is of this one; the answers that are kept are shared. */
    private void ask(String name, DnsNameResolverBuilder settings, EventLoop loop, MonoSink<List<InetAddress>> sink) {
        Refusals refusals = new Refusals();
        DnsNameResolver resolver = settings.copy()
                .eventLoop(loop)
                .datagramChannelFactory(() -> loops.onChannel(DatagramChannel.class, loop))
                .socketChannelFactory(() -> loops.onChannel(SocketChannel.class, loop))
                .dnsQueryLifecycleObserverFactory(refusals)
                .build();
        Future<List<InetAddress>> answer = resolver.resolveAll(name);
        sink.onDispose(() -> {
            answer.cancel(false);
            resolver.close();
        });
        answer.addListener(done -> {
            if (done.isSuccess()) {
                sink.success(answer.getNow());
                return;
            }
            Throwable failure = refusals.explain(name, done.cause());
            if (failure == null) {
                sink.success(List.of());
            } else {
                sink.error(failure);
            }
        });
    }
}
