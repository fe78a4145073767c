package io.weir.core.path;

import java.util.Objects;
import java.util.function.IntFunction;

/**
 * What paths are made with.
 *
 * @param maxDatagramBytes no datagram is larger, without IP and UDP; 1,200 to 65,507. The least of what this side wants and
 *     the peer takes (HELLO setting 7)
 * @param controller makes the congestion controller of a new path, from the size of its datagrams in bytes
 * @param toleratesLoss whether the controller is not told of losses that chance explains better than congestion:
 *     {@link LossTolerance}
 */
public record PathSettings(
        int maxDatagramBytes, IntFunction<? extends CongestionController> controller, boolean toleratesLoss) {

    private static final int ETHERNET_BYTES = 1_472;

    public PathSettings {
        PathMtu.requireLimit("maxDatagramBytes", maxDatagramBytes);
        Objects.requireNonNull(controller, "controller");
    }

    /** Datagrams that fit Ethernet (1,472 bytes), {@link Cubic}, tolerant. */
    public static PathSettings defaults() {
        return new PathSettings(ETHERNET_BYTES, Cubic::new, true);
    }

    /** These with another limit of the size of datagrams. */
    public PathSettings withMaxDatagramBytes(int bytes) {
        return new PathSettings(bytes, controller, toleratesLoss);
    }

    /** These with another congestion controller. */
    public PathSettings withController(IntFunction<? extends CongestionController> make) {
        return new PathSettings(maxDatagramBytes, make, toleratesLoss);
    }

    /** These, and each loss is a sign of congestion or is not. */
    public PathSettings withTolerance(boolean tolerates) {
        return new PathSettings(maxDatagramBytes, controller, tolerates);
    }
}
