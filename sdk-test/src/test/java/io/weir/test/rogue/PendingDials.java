package io.weir.test.rogue;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.LinkTransport;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A transport, by the name of TCP, whose dials go on until they are failed or cancelled. */
final class PendingDials implements LinkTransport {

    private final Sinks.One<Link> outcome = Sinks.one();
    private boolean cancelled;

    /** Ends all of them. */
    void fail(ErrorCode code) {
        outcome.tryEmitError(new ConnectException(CloseReason.local(code)));
    }

    boolean cancelled() {
        return cancelled;
    }

    @Override
    public String scheme() {
        return PeerAddress.TCP;
    }

    @Override
    public Mono<Link> connect(PeerAddress address, Duration timeout) {
        return outcome.asMono().doOnCancel(() -> cancelled = true);
    }

    @Override
    public Mono<LinkListener> listen(PeerAddress address, Consumer<? super Link> onLink) {
        return Mono.error(new UnsupportedOperationException());
    }

    @Override
    public Mono<Void> disposeLater() {
        return Mono.empty();
    }

    @Override
    public void dispose() {}
}
