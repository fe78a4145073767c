package io.weir.metrics;

import io.weir.core.datagram.DatagramCounts;
import io.weir.core.datagram.Drop;
import io.weir.reactive.PeerNode;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What nodes tell of themselves when a meter is read: the memory of what is not sent, the sessions whose links are full, and what their ports for datagrams have done.
 * Nodes count for themselves; one that is closed is summed up then. It keeps as many nodes as are observed and not closed. Any thread.
 */
final class NodeTotals {

    private static final DatagramCount[] COUNTS = DatagramCount.values();
    private static final Drop[] DROPS = Drop.values();

    private final Map<PeerNode, Counted> live = new ConcurrentHashMap<>();
    private final LongAdder[] counted = new LongAdder[COUNTS.length + DROPS.length];
    private final Refresh refresh;

    NodeTotals(Registered registered) {
        refresh = new Refresh(registered, () -> live.forEach(this::settle));
        for (int i = 0; i < counted.length; i++) {
            counted[i] = new LongAdder();
        }
        for (DatagramCount count : COUNTS) {
            registered.counter(count.meter(), this, totals -> totals.fresh(count.ordinal()), count.tag());
        }
        for (Drop drop : DROPS) {
            int index = COUNTS.length + drop.ordinal();
            String reason = drop.name().toLowerCase(Locale.ROOT);
            registered.counter(WeirMeter.DATAGRAMS_DROPPED, this, totals -> totals.fresh(index), reason);
        }
        registered.gauge(
                WeirMeter.MEMORY_UNSENT,
                () -> live.keySet().stream().mapToLong(PeerNode::unsentBytes).sum());
        registered.gauge(
                WeirMeter.SESSIONS_WRITING,
                () -> live.keySet().stream()
                        .mapToLong(node -> node.stats().writing())
                        .sum());
    }

    void onStarted(PeerNode node) {
        live.put(node, new Counted(counted.length));
    }

    void onClosed(PeerNode node) {
        Counted last = live.get(node);
        if (last != null) {
            settle(node, last);
            live.remove(node);
        }
    }

    private double fresh(int index) {
        refresh.run();
        return counted[index].sum();
    }

    private void settle(PeerNode node, Counted before) {
        DatagramCounts counts = node.datagramCounts();
        for (DatagramCount count : COUNTS) {
            counted[count.ordinal()].add(before.more(count.ordinal(), count.of(counts)));
        }
        node.droppedDatagrams().forEach((drop, count) -> {
            int index = COUNTS.length + drop.ordinal();
            counted[index].add(before.more(index, count));
        });
    }

    /** Nodes that are kept track of, for leak checks. */
    int kept() {
        return live.size();
    }
}
