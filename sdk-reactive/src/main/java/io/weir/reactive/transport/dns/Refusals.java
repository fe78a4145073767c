package io.weir.reactive.transport.dns;

import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsQueryLifecycleObserver;
import io.netty.resolver.dns.DnsQueryLifecycleObserverFactory;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hears what the servers say to the questions of one look-up. Netty's resolver fails in the same way whether a name has no
 * address or no server would say; only who listens to it on the way can tell. Confined to the resolver's event loop.
 */
final class Refusals implements DnsQueryLifecycleObserverFactory, DnsQueryLifecycleObserver {

    private @Nullable DnsResponseCode last;

    /** What a failed look-up comes to: null if there is no such address, and everybody asked has said so. */
    @Nullable
    Throwable explain(String name, Throwable failure) {
        if (last != null) {
            return new DnsRefusalException(last.toString(), "addresses of " + name);
        }
        Throwable cause = failure.getCause();
        boolean none =
                failure instanceof UnknownHostException && (cause == null || cause instanceof DnsErrorCauseException);
        return none ? null : failure;
    }

    @Override
    public DnsQueryLifecycleObserver newDnsQueryLifecycleObserver(DnsQuestion question) {
        return this;
    }

    /** A code that is neither success nor NXDOMAIN: the next server is asked, if there is one. */
    @Override
    public DnsQueryLifecycleObserver queryNoAnswer(DnsResponseCode code) {
        last = code;
        return this;
    }

    @Override
    public void queryWritten(InetSocketAddress server, ChannelFuture written) {}

    @Override
    public void queryCancelled(int queriesRemaining) {}

    @Override
    public DnsQueryLifecycleObserver queryRedirected(List<InetSocketAddress> servers) {
        return this;
    }

    @Override
    public DnsQueryLifecycleObserver queryCNAMEd(DnsQuestion question) {
        return this;
    }

    @Override
    public void queryFailed(Throwable cause) {}

    @Override
    public void querySucceed() {}
}
