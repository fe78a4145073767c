package io.weir;

import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.node.NodeSpec;

/**
 * The way in. Any thread.
 *
 * <pre>{@code
 * PeerNode node = Weir.node()
 *         .listen(PeerAddress.tcp("::", 7400))
 *         .onStream("quotes", stream -> stream.send(quotes, Codec.json(Quote.class)))
 *         .startNow(Duration.ofSeconds(5));
 * }</pre>
 */
public final class Weir {

    private Weir() {}

    /** A node to be, with defaults for everything: a fresh identity, no listener, everyone admitted. */
    public static PeerNodeSpec node() {
        return NodeSpec.defaults();
    }
}
