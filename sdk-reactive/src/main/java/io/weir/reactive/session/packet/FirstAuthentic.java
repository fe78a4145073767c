package io.weir.reactive.session.packet;

import org.jspecify.annotations.Nullable;

/** Tells somebody, once, that a packet of the peer has authenticated. Loop-confined. */
final class FirstAuthentic {

    private boolean came;
    private @Nullable Runnable waiting;

    /** At once if there was one. */
    void tell(Runnable once) {
        if (came) {
            once.run();
        } else {
            waiting = once;
        }
    }

    void onPacket() {
        came = true;
        Runnable once = waiting;
        if (once != null) {
            waiting = null;
            once.run();
        }
    }
}
