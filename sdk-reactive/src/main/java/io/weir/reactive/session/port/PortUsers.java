package io.weir.reactive.session.port;

import java.util.concurrent.atomic.AtomicInteger;

/** How many use a port: none comes once all have left. Thread safe. */
final class PortUsers {

    private final AtomicInteger count = new AtomicInteger(1);

    /** With one, who has made the port. */
    PortUsers() {}

    /** One more; false, and it does not count, if all have left. */
    boolean enter() {
        return count.getAndUpdate(n -> n == 0 ? 0 : n + 1) != 0;
    }

    /** Whether all have left. */
    boolean isEmpty() {
        return count.get() == 0;
    }

    /** One less; whether it was the last. */
    boolean leave() {
        return count.decrementAndGet() == 0;
    }
}
