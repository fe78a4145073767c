package io.weir.reactive.transport.dns;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DefaultDnsCache;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.NoopDnsCache;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers for their time to live, failures not at all, shared by resolvers that come and go: Netty's cache is emptied by
 * each resolver that ends. Thread safe.
 */
final class KeptAnswers implements DnsCache {

    private final DnsCache answers = new DefaultDnsCache(0, Integer.MAX_VALUE, 0);

    @Override
    public void clear() {
        // A resolver has ended; what it has heard is as true as before.
    }

    @Override
    public boolean clear(String name) {
        return answers.clear(name);
    }

    @Override
    public @Nullable List<? extends DnsCacheEntry> get(String name, DnsRecord @Nullable [] additionals) {
        return answers.get(name, additionals);
    }

    @Override
    public DnsCacheEntry cache(
            String name, DnsRecord @Nullable [] additionals, InetAddress address, long timeToLive, EventLoop loop) {
        // Netty's would keep what has no time to live until the loop's next task.
        DnsCache to = timeToLive > 0 ? answers : NoopDnsCache.INSTANCE;
        return to.cache(name, additionals, address, timeToLive, loop);
    }

    @Override
    public DnsCacheEntry cache(String name, DnsRecord @Nullable [] additionals, Throwable cause, EventLoop loop) {
        return answers.cache(name, additionals, cause, loop);
    }
}
