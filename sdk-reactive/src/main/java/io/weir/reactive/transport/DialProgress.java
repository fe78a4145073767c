package io.weir.reactive.transport;

import java.net.SocketAddress;

/** Hears how far one dial has come, in this order, serially, on any thread. It must not block. */
public interface DialProgress {

    /** For whom it is all the same. */
    DialProgress UNHEARD = new DialProgress() {
        @Override
        public void resolving() {}

        @Override
        public void connecting() {}
    };

    /** A name is looked up. Not called where there is none. */
    void resolving();

    /** The first address is tried. */
    void connecting();

    /**
     * Asked before each address is tried: false for one where the node itself listens. Without another the dial fails with
     * SELF_CONNECT.
     */
    default boolean mayTry(SocketAddress address) {
        return true;
    }
}
