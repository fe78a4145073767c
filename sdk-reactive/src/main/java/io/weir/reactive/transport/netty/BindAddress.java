package io.weir.reactive.transport.netty;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Where to bind a socket. */
public final class BindAddress {

    private BindAddress() {}

    /**
     * The address of a host and port. Cold. Literals are read in place; a name is looked up by the system, which may block, so
     * elsewhere.
     */
    public static Mono<InetSocketAddress> of(String host, int port, NettyLoops loops) {
        Mono<InetSocketAddress> resolved = Mono.fromCallable(() -> {
            InetAddress address = InetAddress.getByName(host);
            if (address instanceof Inet6Address && hasNoIpv6(loops)) {
                throw new IOException("this machine, or this JVM by its settings, has no IPv6");
            }
            return new InetSocketAddress(address, port);
        });
        boolean literal = host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
        return literal ? resolved : resolved.subscribeOn(Schedulers.boundedElastic());
    }

    /** Native sockets would be of the other family then, and fail obscurely; the JDK's own say it by themselves. */
    private static boolean hasNoIpv6(NettyLoops loops) {
        return loops.isEpoll() && !Socket.isIPv6Preferred();
    }
}
