package io.weir.test.datagram;

import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.core.reliability.FeedbackSchedule;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.session.NodePair;
import io.weir.reactive.session.PairNetwork;
import io.weir.test.network.DatagramFate;
import io.weir.test.network.Faults;
import io.weir.test.network.SimulatedNetwork;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Datagrams on perfect paths, but for their bandwidth and distance. */
final class DatagramPairNetwork implements PairNetwork {

    private static final long SEED = 1;
    private static final int QUEUED_PACKETS = 20;

    private final SimulatedNetwork network;
    private final Map<String, Long> sent = new HashMap<>();

    DatagramPairNetwork(VirtualTimeScheduler time) {
        network = SimulatedNetwork.seeded(SEED, time).overDatagrams();
    }

    /** A lone packet is acknowledged late, and so is what answers it. */
    @Override
    public Duration settling() {
        return Duration.ofNanos(2 * FeedbackSchedule.MAX_DELAY_NANOS);
    }

    @Override
    public PeerNodeSpec node(String host) {
        return network.node(host).identity(Identity.generate());
    }

    @Override
    public PeerAddress address(String host) {
        return network.address(host);
    }

    @Override
    public void pace(String host, long bytesPerSecond, Duration latency) {
        from(host)
                .bytesPerSecond(bytesPerSecond == Long.MAX_VALUE ? 0 : bytesPerSecond)
                .queueLimit(QUEUED_PACKETS)
                .rule((number, payload) -> {
                    sent.merge(host, 1L, Long::sum);
                    return DatagramFate.PASSES;
                });
        latency(host, latency);
    }

    @Override
    public void latency(String host, Duration longer) {
        from(other(host)).latency(longer);
    }

    @Override
    public long sent(String host) {
        return sent.getOrDefault(host, 0L);
    }

    /** Nobody but its two ends can end a session over datagrams. */
    @Override
    public void reset(String host) {
        throw new UnsupportedOperationException("datagrams have no connection that could be reset");
    }

    @Override
    public void silence(String host) {
        network.partition(Set.of(host), Set.of(other(host)));
    }

    private Faults from(String host) {
        return network.between(host, other(host));
    }

    private static String other(String host) {
        return host.equals(NodePair.NAME) ? NodePair.CLIENT : NodePair.NAME;
    }
}
