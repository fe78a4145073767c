package io.weir.reactive.node;

import io.weir.core.error.ErrorCode;
import io.weir.reactive.ConnectionInfo.Direction;
import io.weir.reactive.NodeStats;
import io.weir.reactive.stats.EnumCounts;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the steps that a node's connections take: each takes them in this order, and may leave out those in brackets.
 *
 * <pre>
 *   begun --+--&gt; failed
 *           +--&gt; opened --[drains]--&gt; closes --&gt; ended
 * </pre>
 *
 * <p>What is now is what has taken one step and not the next. Whoever leaves one out is counted as if it had taken it, and later
 * steps are read before earlier ones, so that no number is ever below 0. It keeps a row for each transport and direction. Any
 * thread; the steps of one connection one after the other.
 */
final class ConnectionTally {

    private record Kind(String transport, Direction direction) {}

    private final Map<Kind, Row> rows = new ConcurrentHashMap<>();

    /** Where the connections of that transport are counted which this side, or the other one, has made. */
    Row of(String transport, boolean initiator) {
        Kind kind = new Kind(transport, initiator ? Direction.OUTBOUND : Direction.INBOUND);
        Row known = rows.get(kind);
        return known != null ? known : rows.computeIfAbsent(kind, Row::new);
    }

    /** All that there are, by transport. */
    List<NodeStats.Connections> counts() {
        return rows.values().stream()
                .map(Row::counts)
                .sorted(Comparator.comparing(NodeStats.Connections::transport)
                        .thenComparing(NodeStats.Connections::direction))
                .toList();
    }

    /** Connections of one kind. */
    static final class Row {
        private final Kind kind;
        private final LongAdder begun = new LongAdder();
        private final LongAdder opened = new LongAdder();
        private final LongAdder drained = new LongAdder();
        private final LongAdder closed = new LongAdder();
        private final EnumCounts<ErrorCode> failed = new EnumCounts<>(ErrorCode.class);
        private final EnumCounts<ErrorCode> ended = new EnumCounts<>(ErrorCode.class);

        private Row(Kind kind) {
            this.kind = kind;
        }

        /** A connection is there. */
        void begins() {
            begun.increment();
        }

        /** It leads to no session of its own. */
        void fails(ErrorCode why) {
            failed.add(why);
        }

        /** Its session is ready. */
        void opens() {
            opened.increment();
        }

        /** The session, which was ready, drains. */
        void drains() {
            drained.increment();
        }

        /** The session closes. */
        void closes(boolean hasDrained) {
            if (!hasDrained) {
                drained.increment();
            }
            closed.increment();
        }

        /** The session, which closed, has ended. */
        void ends(ErrorCode why) {
            ended.add(why);
        }

        private NodeStats.Connections counts() {
            Map<ErrorCode, Long> over = ended.counts();
            Map<ErrorCode, Long> vain = failed.counts();
            long closes = closed.sum();
            long drains = drained.sum();
            long opens = opened.sum();
            long begins = begun.sum();
            return new NodeStats.Connections(
                    kind.transport(),
                    kind.direction(),
                    begins - opens - EnumCounts.sum(vain),
                    vain,
                    opens - drains,
                    drains - closes,
                    closes - EnumCounts.sum(over),
                    over);
        }
    }
}
