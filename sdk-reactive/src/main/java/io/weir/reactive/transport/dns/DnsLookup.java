package io.weir.reactive.transport.dns;

import io.weir.core.peer.AddressFamily;
import java.net.InetAddress;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Asks DNS. Every question is asked anew, nothing is cached. Cold; an answer that there is nothing is an answer, every other
 * failure an error.
 */
public interface DnsLookup extends Disposable {

    /** A or AAAA records of a name. */
    Mono<DnsAnswer<InetAddress>> addresses(String name, AddressFamily family);

    /** SRV records of a service. */
    Mono<DnsAnswer<DnsService>> services(String service);
}
