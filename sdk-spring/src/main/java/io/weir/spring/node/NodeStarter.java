package io.weir.spring.node;

import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import java.util.function.UnaryOperator;

/** Starts nodes: on the network, or, in tests, on one that is simulated. */
@FunctionalInterface
public interface NodeStarter {

    /**
     * A running node. Waits for it.
     *
     * @param declaring what the application declares, on top of who the node is and where it listens
     */
    PeerNode startNow(UnaryOperator<PeerNodeSpec> declaring);
}
