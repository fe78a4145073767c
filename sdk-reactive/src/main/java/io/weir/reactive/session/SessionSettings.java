package io.weir.reactive.session;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerAdmission;
import io.weir.reactive.session.dispatch.Dispatch;
import io.weir.reactive.session.memory.NodeMemory;
import io.weir.reactive.session.memory.PayloadReservations;
import io.weir.reactive.session.stream.DeclaredStream;
import io.weir.reactive.stats.RequestCounts;
import org.jspecify.annotations.Nullable;

/**
 * What all sessions of one node share.
 *
 * @param incarnation random number of this run of the node
 * @param hashSeed random number of this run of the node, told to nobody: spreads the numbers that peers choose
 * @param handlers what is done with what the peer begins
 * @param memory the node's share of what peers may make it hold
 * @param sendMemory the node's share of what it may hold for peers that do not read
 * @param payloads the node's queue of large payloads that wait for memory
 * @param dispatch calls the handlers of what peers begin, so many at once
 * @param handlerErrors whom to tell of handlers that fail
 * @param counts where requests are counted
 * @param observer whom to tell what sessions do; null for nobody
 */
public record SessionSettings(
        HandshakeConfig handshake,
        RandomBytes random,
        long incarnation,
        long hashSeed,
        NodeLimits limits,
        PeerAdmission admission,
        Handlers handlers,
        NodeMemory memory,
        NodeMemory sendMemory,
        PayloadReservations payloads,
        Dispatch dispatch,
        HandlerErrors handlerErrors,
        RequestCounts counts,
        @Nullable NodeObserver observer) {

    /** The window of each stream that a peer opens, until it is claimed: no larger than any declared handler wants. */
    long initialWindowBytes() {
        return handlers.streams().values().stream()
                .map(DeclaredStream::config)
                .filter(config -> config != null && config.windowBytes() != StreamConfig.GROW_FREELY)
                .mapToLong(StreamConfig::windowBytes)
                .reduce(limits.initialWindowBytes(), Math::min);
    }
}
