package io.weir.test.rogue;

import io.weir.reactive.transport.LinkTransport;
import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.lanes.Delays;
import io.weir.reactive.transport.lanes.LaneTransport;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets the nodes of a {@link Victim}, in each test of a class, talk over carriers that keep no order between lanes. What a
 * rogue says comes as it says it; what it hears, and what the others hear of each other, in any order.
 */
final class WithLanes implements BeforeEachCallback, AfterEachCallback {

    private static final ThreadLocal<Boolean> ON = ThreadLocal.withInitial(() -> false);

    /** The transport of a node: as it is, or with lanes. */
    static Transport over(LinkTransport links) {
        return ON.get() ? new LaneTransport(links, Delays.OF_TURNS, 7) : links;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        ON.set(true);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        ON.remove();
    }
}
