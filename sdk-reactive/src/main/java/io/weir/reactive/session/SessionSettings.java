package io.weir.reactive.session;

import io.weir.core.credit.MemoryPool;
import io.weir.core.crypto.RandomBytes;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerAdmission;
import io.weir.reactive.StreamHandler;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all sessions of one node share.
 *
 * @param incarnation random number of this run of the node
 * @param handlers by the name that the peer opens a stream under
 * @param memory the node's share of what peers may make it hold
 * @param payloads the node's queue of large payloads that wait for memory
 */
public record SessionSettings(
        HandshakeConfig handshake,
        RandomBytes random,
        long incarnation,
        NodeLimits limits,
        PeerAdmission admission,
        Map<String, Handler> handlers,
        MemoryPool memory,
        PayloadReservations payloads) {

    /** A declared handler; the config is null where the opener's reliability and the defaults are to be used. */
    public record Handler(StreamHandler handler, @Nullable StreamConfig config) {}
}
