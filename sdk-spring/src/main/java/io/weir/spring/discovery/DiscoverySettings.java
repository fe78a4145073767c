package io.weir.spring.discovery;

import io.weir.core.error.Legal;
import io.weir.reactive.discovery.DnsDiscovery;
import java.time.Duration;

/**
 * How Spring Cloud is asked for the peers of a service.
 *
 * @param period how long after an answer it is asked again, at the latest; 1 s to 24 h
 * @param maxPeers peers of one service that are taken at most; 1 to 65,536
 * @param port that of instances which do not say where their node listens; 0 leaves them out
 */
public record DiscoverySettings(Duration period, int maxPeers, int port) {

    private static final int MOST_PEERS = 65_536;
    private static final int MOST_PORT = 65_535;
    private static final Duration DEFAULT_PERIOD = Duration.ofSeconds(10);

    public DiscoverySettings {
        Legal.range("period", period, DnsDiscovery.MIN_PERIOD, DnsDiscovery.MAX_PERIOD);
        Legal.range("maxPeers", maxPeers, 1, MOST_PEERS);
        Legal.range("port", port, 0, MOST_PORT);
    }

    /** Every 10 s, 1,024 peers, instances that say where their node listens. */
    public static DiscoverySettings defaults() {
        return new DiscoverySettings(DEFAULT_PERIOD, DnsDiscovery.DEFAULT_MAX_PEERS, 0);
    }

    /** These with another period. */
    public DiscoverySettings withPeriod(Duration value) {
        return new DiscoverySettings(value, maxPeers, port);
    }

    /** These with another bound. */
    public DiscoverySettings withMaxPeers(int value) {
        return new DiscoverySettings(period, value, port);
    }

    /** These with a port for instances that tell none. */
    public DiscoverySettings withPort(int value) {
        return new DiscoverySettings(period, maxPeers, value);
    }
}
