package io.weir.test.simulation;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.ForwardingTransport;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkTransport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Knows the link that was dialled last, to cut it. */
final class CutTransport extends ForwardingTransport {

    private @Nullable Link last;

    CutTransport(LinkTransport actual) {
        super(actual);
    }

    void cut() {
        if (last != null) {
            last.close();
        }
    }

    @Override
    public Mono<Link> connect(PeerAddress address, Duration timeout) {
        return super.connect(address, timeout).doOnNext(link -> last = link);
    }
}
