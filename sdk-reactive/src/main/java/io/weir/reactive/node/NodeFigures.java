package io.weir.reactive.node;

import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeStats;
import io.weir.reactive.session.SessionSettings;
import io.weir.reactive.session.port.FastPaths;
import io.weir.reactive.session.port.NodePorts;

/** Puts the counters of a node together, which are kept where things happen. Any thread. */
record NodeFigures(
        ConnectionTally tally,
        Setups setups,
        NodeSessions sessions,
        SessionSettings settings,
        FastPaths fastPaths,
        NodePorts ports) {

    NodeStats now() {
        NodeLimits limits = settings.limits();
        return new NodeStats(
                tally.counts(),
                setups.stages(),
                sessions.writing(),
                ports.turnedAway(),
                sessions.traffic(),
                sessions.moves(),
                settings.counts().handled(),
                settings.counts().asked(),
                settings.counts().refused(),
                fastPaths.stats(),
                ports.counts(),
                ports.dropped(),
                new NodeStats.Memory(
                        settings.memory().reserved(),
                        limits.nodeBudgetBytes(),
                        settings.sendMemory().reserved(),
                        limits.nodeSendBudgetBytes()));
    }
}
