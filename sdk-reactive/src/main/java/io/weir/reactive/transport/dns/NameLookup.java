package io.weir.reactive.transport.dns;

import io.netty.channel.EventLoop;
import io.weir.core.peer.AddressFamily;
import java.net.InetAddress;
import java.util.List;
import reactor.core.publisher.Mono;

/** Finds the addresses of a name, without blocking, each time anew or no older than the name's time to live. */
public interface NameLookup {

    /**
     * Its addresses of one family. Cold.
     *
     * @param loop where to work and to answer, or any other thread
     * @return empty, an empty list or an error: it has none, or nobody said
     */
    Mono<List<InetAddress>> lookUp(String name, AddressFamily family, EventLoop loop);

    /** Ends it, before its loops. */
    default void close() {}
}
