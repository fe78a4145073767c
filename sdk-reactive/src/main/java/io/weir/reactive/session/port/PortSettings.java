package io.weir.reactive.session.port;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.handshake.ResponderLimits;
import io.weir.core.path.PathSettings;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.session.packet.PacketBuffers;
import java.util.concurrent.TimeUnit;

/**
 * What the ports of a node are made with.
 *
 * @param maxIndexes receiver indexes in use at a time, on one port
 * @param buffers in which packets are made and opened
 * @param path what the paths of sessions are made with
 * @param fastPaths what is answered without a session
 */
record PortSettings(
        HandshakeConfig handshake,
        RandomBytes random,
        ResponderLimits responder,
        int maxIndexes,
        PacketBuffers buffers,
        PathSettings path,
        FastPaths fastPaths) {

    private static final int MOST_INDEXES = 1 << 20;
    private static final int COOKIE_THRESHOLD = 64;
    private static final long LEAST_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MOST_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(600);

    /**
     * What a node's limits come to here. Of indexes twice as many as there may be sessions and handshakes, since nothing bounds
     * what the node itself dials but its application; beyond that a dial fails.
     */
    static PortSettings of(HandshakeConfig handshake, RandomBytes random, NodeLimits limits, FastPaths fastPaths) {
        long indexes = 2L * (limits.maxSessions() + (long) limits.maxHandshakes());
        return new PortSettings(
                handshake,
                random,
                responder(limits),
                (int) Math.min(indexes, MOST_INDEXES),
                new PacketBuffers(),
                PathSettings.defaults(),
                fastPaths);
    }

    /** These for a transport that carries no larger datagrams; 1,200 to 65,507 bytes. */
    PortSettings withMaxDatagramBytes(int bytes) {
        return new PortSettings(
                handshake, random, responder, maxIndexes, buffers, path.withMaxDatagramBytes(bytes), fastPaths);
    }

    private static ResponderLimits responder(NodeLimits limits) {
        int most = limits.maxHandshakes();
        long timeoutNanos = limits.handshakeTimeout().toNanos();
        return new ResponderLimits(
                most,
                Math.min(COOKIE_THRESHOLD, most),
                Math.min(limits.maxSessionsPerAddress(), most),
                limits.maxConnectsPerSecond(),
                Math.max(LEAST_TIMEOUT_NANOS, Math.min(timeoutNanos, MOST_TIMEOUT_NANOS)));
    }
}
