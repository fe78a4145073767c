package io.weir.reactive.session.port;

import io.weir.core.datagram.DatagramType;
import io.weir.core.datagram.Drop;
import io.weir.core.datagram.DropCounts;
import io.weir.core.error.ErrorCode;
import io.weir.core.schedule.TokenBucket;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.NodeStats;
import io.weir.reactive.stats.EnumCounts;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all ports of a node have dropped, and what is told of it. Thread safe. */
final class NodeDrops {

    private static final Logger LOG = LoggerFactory.getLogger(NodeDrops.class);

    private static final int BURST = 10;
    private static final long INTERVAL_NANOS = 1_000_000_000L;

    private final @Nullable NodeObserver observer;
    private final EnumCounts<Drop> counts = new EnumCounts<>(Drop.class);
    private final EnumCounts<ErrorCode> rejected = new EnumCounts<>(ErrorCode.class);
    private final LongAdder retries = new LongAdder();

    NodeDrops(@Nullable NodeObserver observer) {
        this.observer = observer;
    }

    /** Packets without a session have come, the last of them from there as it says. As seldom as the port's limiter lets it. */
    void tellStrays(String transport, SocketAddress from, long count) {
        LOG.debug("{} packets over {} are for no session here; the last came from {}", count, transport, from);
        if (observer != null) {
            observer.onStrayPackets(transport, from, count);
        }
    }

    /** A first message was answered by that: counts it, if it was turned away. */
    void tellRefusal(@Nullable DatagramType answer, @Nullable ErrorCode rejection) {
        if (answer == DatagramType.RETRY) {
            retried();
        } else if (rejection != null) {
            rejected(rejection);
        }
    }

    /** A first message was asked to show that its address is true. */
    void retried() {
        retries.increment();
    }

    /** A first message was told that. */
    void rejected(ErrorCode reason) {
        rejected.add(reason);
    }

    /** One of no port here, which tells of each for itself. */
    void drop(Drop reason) {
        counts.add(reason);
    }

    /** First messages that were turned away. */
    NodeStats.TurnedAway turnedAway() {
        return new NodeStats.TurnedAway(retries.sum(), rejected.counts());
    }

    /** Of one port, at which nothing was dropped. */
    Part part(long nowNanos) {
        return new Part(nowNanos);
    }

    /** By reason; no entry where there were none. */
    Map<Drop, Long> counts() {
        return counts.counts();
    }

    /** One port's counts, which are added to the node's a batch of datagrams at a time. On the port's loop. */
    final class Part {
        private final DropCounts own = new DropCounts();
        private final DropCounts published = new DropCounts();

        private TokenBucket bucket;

        private Part(long nowNanos) {
            bucket = TokenBucket.full(BURST, INTERVAL_NANOS, nowNanos);
        }

        DropCounts own() {
            return own;
        }

        /** The log hears of it ten times at once, and then once a second at the most. */
        void publish(long nowNanos) {
            if (own.total() == published.total()) {
                return;
            }
            for (Drop reason : Drop.values()) {
                long more = own.of(reason) - published.of(reason);
                if (more > 0) {
                    published.add(reason, more);
                    counts.add(reason, more);
                }
            }
            bucket = bucket.next(nowNanos);
            if (bucket.passes() && LOG.isDebugEnabled()) {
                LOG.debug("Datagrams were dropped, at all ports of the node since its beginning: {}", counts());
            }
        }
    }
}
