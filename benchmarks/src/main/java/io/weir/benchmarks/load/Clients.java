package io.weir.benchmarks.load;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.transport.tcp.TcpTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import reactor.core.publisher.Flux;

/** Nodes of as many identities, on the same loops. */
final class Clients implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int CONNECTING = 64;
    private static final int CLOSING = 256;

    private final TcpTransport links = TcpTransport.create(2);
    private final List<PeerNode> nodes = new ArrayList<>();

    Clients(int count) {
        for (int i = 0; i < count; i++) {
            nodes.add(Weir.node().limits(LoadServer.limits()).transport(links).startNow(PATIENCE));
        }
    }

    List<PeerNode> nodes() {
        return nodes;
    }

    /** A session of each, to where its number leads; blocks. */
    List<PeerSession> connectAll(IntFunction<PeerAddress> address) {
        return Objects.requireNonNull(Flux.range(0, nodes.size())
                .flatMap(i -> nodes.get(i).connect(address.apply(i)), CONNECTING)
                .collectList()
                .block(PATIENCE));
    }

    @Override
    public void close() {
        Flux.fromIterable(nodes).flatMap(PeerNode::close, CLOSING).blockLast(PATIENCE);
        links.disposeLater().block(PATIENCE);
    }
}
