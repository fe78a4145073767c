package io.weir.reactive.transport.dns;

import io.weir.core.peer.AddressFamily;
import java.net.InetAddress;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Asks DNS. Every question is asked anew, nothing is cached. Cold; an answer that there is nothing is an answer, a server
 * that does not say is a {@link DnsRefusalException}, every other failure another error.
 */
public interface DnsLookup extends Disposable {

    /** A or AAAA records of a name. */
    Mono<DnsAnswer<InetAddress>> addresses(String name, AddressFamily family);

    /** SRV records of a service. */
    Mono<DnsAnswer<DnsService>> services(String service);
}
