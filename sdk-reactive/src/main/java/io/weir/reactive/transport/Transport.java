package io.weir.reactive.transport;

import io.weir.core.error.ConnectException;
import io.weir.core.error.ListenException;
import io.weir.core.peer.PeerAddress;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * A way to reach peers: makes connections, by dialling and by listening, each with what makes an {@link Association} of it.
 * Whether that may become a session is the node's to say. {@link LinkTransport} is for those that only carry bytes.
 *
 * <p>A transport owns its threads. Disposing it ends its listeners and connections.
 */
public interface Transport extends Disposable {

    /** The scheme of the addresses that this transport understands, such as {@code tcp}. */
    String scheme();

    /**
     * Cold: resolves the address and connects. The connection is emitted on its own loop, fresh.
     *
     * <p>Fails with {@link ConnectException}: UNRESOLVED if the name has no address, CONNECT_FAILED if nobody answers
     * there. Cancelling, early or late, leaves no connection behind.
     *
     * @param timeout for resolving and connecting together; positive
     * @param progress hears how far it has come; nothing is told after the end
     */
    Mono<Establisher> dial(PeerAddress address, Duration timeout, DialProgress progress, Handshakes handshakes);

    /**
     * Cold: binds the address and accepts connections until the listener is closed. {@code onConnection} is called for each
     * one, fresh, on its own loop; if it throws, that connection is closed and the listener goes on. Nothing that one
     * connection does or suffers ends the listener.
     *
     * <p>Fails with {@link ListenException} BIND_FAILED if the address is taken or is not one of this machine.
     */
    Mono<LinkListener> accept(PeerAddress address, Handshakes handshakes, Consumer<? super Establisher> onConnection);

    /** Ends all listeners and connections and releases the threads, without waiting. Idempotent. */
    @Override
    void dispose();

    /** Cold: {@link #dispose()}, completing when everything has ended. */
    Mono<Void> disposeLater();
}
