package io.weir.spring.node;

import io.weir.Weir;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Starts the application's node on the network.
 *
 * @param identity who it is
 * @param listen where it listens
 * @param timeout how long a start may take: of a process's first node some seconds
 */
public record NetworkStarter(Identity identity, List<PeerAddress> listen, Duration timeout) implements NodeStarter {

    public NetworkStarter {
        Objects.requireNonNull(identity, "identity");
        listen = List.copyOf(listen);
        Objects.requireNonNull(timeout, "timeout");
    }

    @Override
    public PeerNode startNow(UnaryOperator<PeerNodeSpec> declaring) {
        return declaring.apply(Weir.node().identity(identity).listen(listen)).startNow(timeout);
    }
}
