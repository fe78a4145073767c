package io.weir.spring.node;

import io.weir.reactive.PeerNode;
import org.springframework.context.ApplicationEvent;

/** The application's node has started, or has started again. */
public final class NodeStarted extends ApplicationEvent {

    private static final long serialVersionUID = 1L;

    NodeStarted(PeerNode node) {
        super(node);
    }

    /** The node, which runs. */
    public PeerNode node() {
        return (PeerNode) getSource();
    }
}
