package io.weir.test.simulation;

import io.weir.core.error.ErrorCode;
import io.weir.reactive.PeerEvent;
import java.util.EnumMap;
import java.util.Map;

/** How often each reason ended connections and sessions of a node. */
final class EndCounts {

    private final Map<ErrorCode, Integer> refused = new EnumMap<>(ErrorCode.class);
    private final Map<ErrorCode, Integer> closed = new EnumMap<>(ErrorCode.class);

    void onEvent(PeerEvent event) {
        if (event instanceof PeerEvent.InboundRefused refusal) {
            refused.merge(refusal.reason().error(), 1, Integer::sum);
        } else if (event instanceof PeerEvent.ConnectionClosed end) {
            closed.merge(end.reason().error(), 1, Integer::sum);
        }
    }

    /** Inbound connections that led to no session for that reason. */
    int refused(ErrorCode code) {
        return refused.getOrDefault(code, 0);
    }

    /** Sessions that were closed for that reason, by either side. */
    int closed(ErrorCode code) {
        return closed.getOrDefault(code, 0);
    }
}
