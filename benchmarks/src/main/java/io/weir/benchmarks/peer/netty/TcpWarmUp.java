package io.weir.benchmarks.peer.netty;

import java.time.Duration;
import reactor.netty.tcp.TcpClient;

/** What Reactor Netty's documentation advises before a first connection: event loops, resolver and native libraries loaded. */
public final class TcpWarmUp {
    private TcpWarmUp() {}

    /**
     * Waits for it.
     *
     * @param secure whether TLS is loaded too
     * @throws IllegalStateException if it takes longer than the limit
     */
    public static void run(boolean secure, Duration limit) {
        TcpClient client = TcpClient.create();
        (secure ? client.secure() : client).warmup().block(limit);
    }
}
