package io.weir.reactive.session;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.transport.LinkTransport;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Links in memory, perfect but for their bandwidth and distance. */
final class MemoryPairNetwork implements PairNetwork {

    private final MemoryNetwork network;
    private final Map<String, PacedTransport> paced = new HashMap<>();

    MemoryPairNetwork(VirtualTimeScheduler time) {
        network = MemoryNetwork.on(time);
    }

    @Override
    public Duration settling() {
        return Duration.ZERO;
    }

    @Override
    public PeerNodeSpec node(String host) {
        LinkTransport slower = paced.get(host);
        return Weir.node().transport(slower != null ? slower : network.transport());
    }

    @Override
    public PeerAddress address(String host) {
        return PeerAddress.memory(host);
    }

    @Override
    public void pace(String host, long bytesPerSecond, Duration latency) {
        paced.put(host, new PacedTransport(network.transport(), bytesPerSecond, latency));
    }

    @Override
    public void latency(String host, Duration longer) {
        of(host).latency(longer);
    }

    @Override
    public long sent(String host) {
        return of(host).records();
    }

    private PacedTransport of(String host) {
        return Objects.requireNonNull(paced.get(host), host);
    }

    @Override
    public void reset(String host) {
        network.reset(host);
    }

    @Override
    public void silence(String host) {
        network.silence(host);
    }
}
