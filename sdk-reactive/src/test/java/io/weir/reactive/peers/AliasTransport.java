package io.weir.reactive.peers;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.ForwardingTransport;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkTransport;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** A transport on which one host can be reached by a second name. */
final class AliasTransport extends ForwardingTransport {

    private final String alias;
    private final String host;

    AliasTransport(LinkTransport actual, String alias, String host) {
        super(actual);
        this.alias = alias;
        this.host = host;
    }

    @Override
    public Mono<Link> connect(PeerAddress address, Duration timeout) {
        return super.connect(address.host().equals(alias) ? PeerAddress.memory(host) : address, timeout);
    }
}
