package io.weir.core.path;

import java.util.Objects;
import java.util.function.IntFunction;

/**
 * What paths are made with.
 *
 * @param maxDatagramBytes no datagram is larger, without IP and UDP; 1,200 to 65,507. The least of what this side wants and
 *     the peer takes (HELLO setting 7)
 * @param maxAckDelayNanos how long the peer may hold back an acknowledgement on purpose; 0 to 16.384 s
 * @param controller makes the congestion controller of a new path, from the size of its datagrams in bytes
 */
public record PathSettings(
        int maxDatagramBytes, long maxAckDelayNanos, IntFunction<? extends CongestionController> controller) {

    private static final int ETHERNET_BYTES = 1_472;
    private static final long MAX_ACK_DELAY_NANOS = 25_000_000L; // RFC 9000 section 18.2

    public PathSettings {
        PathMtu.requireLimit("maxDatagramBytes", maxDatagramBytes);
        PacketRttEstimator.requireAckDelay(maxAckDelayNanos);
        Objects.requireNonNull(controller, "controller");
    }

    /** Datagrams that fit Ethernet (1,472 bytes), acknowledgements held back for up to 25 ms, {@link Cubic}. */
    public static PathSettings defaults() {
        return new PathSettings(ETHERNET_BYTES, MAX_ACK_DELAY_NANOS, Cubic::new);
    }

    /** These with another limit of the size of datagrams. */
    public PathSettings withMaxDatagramBytes(int bytes) {
        return new PathSettings(bytes, maxAckDelayNanos, controller);
    }

    /** These with another delay of acknowledgements. */
    public PathSettings withMaxAckDelayNanos(long nanos) {
        return new PathSettings(maxDatagramBytes, nanos, controller);
    }

    /** These with another congestion controller. */
    public PathSettings withController(IntFunction<? extends CongestionController> make) {
        return new PathSettings(maxDatagramBytes, maxAckDelayNanos, make);
    }
}
