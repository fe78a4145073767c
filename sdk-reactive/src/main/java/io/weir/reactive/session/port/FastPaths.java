package io.weir.reactive.session.port;

import io.weir.core.datagram.FastDatagram;
import io.weir.reactive.FastPathHandler;
import io.weir.reactive.FastPathStats;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What the ports of a node answer without a session, and how often they have. Thread safe. */
public final class FastPaths {

    private final @Nullable FastPathHandler[] handlers = new FastPathHandler[FastDatagram.MOST_COMMAND + 1];
    private final boolean isEmpty;
    private final int perSecond;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();

    /**
     * Of a node that answers these commands.
     *
     * @param perSecond what each network may ask at each port, 10 to 100,000,000
     */
    public FastPaths(Map<Integer, FastPathHandler> byCommand, int perSecond) {
        byCommand.forEach((command, handler) -> handlers[command] = handler);
        isEmpty = byCommand.isEmpty();
        this.perSecond = perSecond;
    }

    /** What has been done since the beginning. */
    public FastPathStats stats() {
        return new FastPathStats(received.get(), answered.get());
    }

    /** Whether nothing is ever answered. */
    boolean isEmpty() {
        return isEmpty;
    }

    int perSecond() {
        return perSecond;
    }

    @Nullable
    FastPathHandler handler(int command) {
        return handlers[command];
    }

    void add(long moreReceived, long moreAnswered) {
        received.addAndGet(moreReceived);
        answered.addAndGet(moreAnswered);
    }
}
