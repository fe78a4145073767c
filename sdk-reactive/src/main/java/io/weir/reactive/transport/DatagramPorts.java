package io.weir.reactive.transport;

import io.weir.core.peer.PeerAddress;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * The ports that one node has on one {@link DatagramTransport}: what dials and listens there in its place, as {@link Transport}
 * promises it. Thread safe.
 */
public interface DatagramPorts {

    /** {@link Transport#dial} of the transport, for this node. */
    Mono<Establisher> dial(PeerAddress address, Duration timeout, DialProgress progress);

    /** {@link Transport#accept} of the transport, for this node. */
    Mono<LinkListener> accept(PeerAddress address, Consumer<? super Establisher> onConnection);
}
