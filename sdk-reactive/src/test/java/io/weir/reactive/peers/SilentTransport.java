package io.weir.reactive.peers;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.LinkTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Dials that end only when the test, or their subscriber, says so. */
final class SilentTransport implements LinkTransport {

    private final List<String> dialled = new ArrayList<>();
    private final Map<String, Sinks.One<Link>> inProgress = new LinkedHashMap<>();

    /** The hosts that were dialled, in order. */
    List<String> dialled() {
        return dialled;
    }

    /** The hosts to which a dial is in progress. */
    List<String> inProgress() {
        return List.copyOf(inProgress.keySet());
    }

    void refuse(String host) {
        Objects.requireNonNull(inProgress.get(host))
                .tryEmitError(new ConnectException(CloseReason.local(ErrorCode.CONNECT_FAILED)));
    }

    @Override
    public String scheme() {
        return PeerAddress.MEMORY;
    }

    @Override
    public Mono<Link> connect(PeerAddress address, Duration timeout) {
        return Mono.defer(() -> {
            Sinks.One<Link> outcome = Sinks.one();
            dialled.add(address.host());
            inProgress.put(address.host(), outcome);
            return outcome.asMono().doFinally(signal -> inProgress.remove(address.host()));
        });
    }

    @Override
    public Mono<LinkListener> listen(PeerAddress address, Consumer<? super Link> onLink) {
        return Mono.error(new UnsupportedOperationException());
    }

    @Override
    public void dispose() {}

    @Override
    public Mono<Void> disposeLater() {
        return Mono.empty();
    }
}
