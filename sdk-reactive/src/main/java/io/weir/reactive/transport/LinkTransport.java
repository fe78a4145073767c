package io.weir.reactive.transport;

import io.weir.core.error.ConnectException;
import io.weir.core.error.ListenException;
import io.weir.core.peer.PeerAddress;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * A transport that makes links, by dialling and by listening, and authenticates nobody: the handshake over bytes does that.
 */
public interface LinkTransport extends Transport {

    /**
     * Cold: resolves the address and connects. The link is emitted on its own loop, with nothing read yet.
     *
     * <p>Fails with {@link ConnectException}: UNRESOLVED if the name has no address, CONNECT_FAILED if nobody answers
     * there. Cancelling, early or late, leaves no connection behind.
     *
     * @param timeout for resolving and connecting together; positive
     */
    Mono<Link> connect(PeerAddress address, Duration timeout);

    /** The same, heard by somebody as it goes on; nothing is told after the end. By default only that it begins. */
    default Mono<Link> connect(PeerAddress address, Duration timeout, DialProgress progress) {
        return Mono.defer(() -> {
            progress.connecting();
            return connect(address, timeout);
        });
    }

    /**
     * Cold: binds the address and accepts links until the listener is closed. {@code onLink} is called for each one on
     * its own loop before anything is read from it; if it throws, that link is closed and the listener goes on. Nothing
     * that one connection does or suffers ends the listener.
     *
     * <p>Fails with {@link ListenException} BIND_FAILED if the address is taken or is not one of this machine.
     */
    Mono<LinkListener> listen(PeerAddress address, Consumer<? super Link> onLink);

    @Override
    default Mono<Establisher> dial(
            PeerAddress address, Duration timeout, DialProgress progress, Handshakes handshakes) {
        return connect(address, timeout, progress).map(link -> handshakes.over(link, scheme()));
    }

    @Override
    default Mono<LinkListener> accept(
            PeerAddress address, Handshakes handshakes, Consumer<? super Establisher> onConnection) {
        return listen(address, link -> onConnection.accept(handshakes.over(link, scheme())));
    }
}
