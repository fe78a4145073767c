package io.weir.core.stream;

import io.weir.core.credit.MemoryBudget;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.Hello;

/**
 * What the streams of a session see of it: its limits, its share of memory, its host, what the peer's HELLO has said, and
 * the time.
 */
final class SessionView {

    private final StreamSettings settings;
    private final MemoryBudget budget;
    private final StreamHost host;
    private boolean greeted;
    private long peerInitialWindow;
    private long peerMaxPayloadBytes;
    private boolean peerTakesApplicationErrors;
    private long nowNanos;
    private long late;

    SessionView(StreamSettings settings, MemoryBudget budget, StreamHost host) {
        this.settings = settings;
        this.budget = budget;
        this.host = host;
        tick();
    }

    StreamSettings settings() {
        return settings;
    }

    /** Whether frames come in the order in which they were written. */
    boolean isOrdered() {
        return settings.order() == FrameOrder.TOTAL;
    }

    /** Whether frames may be lost, come late or come again. */
    boolean mayLose() {
        return settings.order() == FrameOrder.NONE;
    }

    /** Whether each half is in order, and nothing is promised between them. */
    boolean isPerHalf() {
        return settings.order().isPerHalf();
    }

    /** Whether fire-and-forget halves of this side go by datagrams. */
    boolean sendsDatagrams() {
        return settings.order() == FrameOrder.PER_HALF_DATAGRAMS;
    }

    MemoryBudget budget() {
        return budget;
    }

    StreamHost host() {
        return host;
    }

    // ---- the peer's HELLO

    void onPeerHello(Hello hello) {
        greeted = true;
        peerInitialWindow = hello.initialWindow();
        peerMaxPayloadBytes = hello.maxPayloadBytes();
        peerTakesApplicationErrors = hello.understands(Hello.APPLICATION_ERRORS);
    }

    /** Whether HELLO has come; what it says is 0 before. */
    boolean isGreeted() {
        return greeted;
    }

    /** Credit that each half of this side begins with. */
    long peerInitialWindow() {
        return peerInitialWindow;
    }

    /** Largest element that the peer takes. */
    long peerMaxPayloadBytes() {
        return peerMaxPayloadBytes;
    }

    /** Whether the peer understands the errors of applications. */
    boolean peerTakesApplicationErrors() {
        return peerTakesApplicationErrors;
    }

    // ---- what comes too late

    /** A fire-and-forget element has come of which nothing can be made any more. */
    void onLate() {
        late++;
    }

    /** How many of these there were. */
    long late() {
        return late;
    }

    // ---- the time

    /** When what is being handled came. */
    long nowNanos() {
        return nowNanos;
    }

    /** Asks the host for the time. */
    void tick() {
        tick(host.nowNanos());
    }

    void tick(long now) {
        nowNanos = now;
    }
}
