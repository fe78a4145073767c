package io.weir.spring.discovery;

import io.weir.reactive.PeerDiscovery;
import io.weir.reactive.discovery.Discovery;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.context.ApplicationListener;

/** Services by Spring Cloud: whatever engine the application has names their instances, and tells when something has changed. */
public final class CloudServices implements ServiceFinder, ApplicationListener<HeartbeatEvent> {

    private final Supplier<List<ReactiveDiscoveryClient>> engines;
    private final DiscoverySettings settings;
    private final Wake wake = new Wake();

    /** @param engines each by itself, not several as one: which of them is away must be seen */
    public CloudServices(Supplier<List<ReactiveDiscoveryClient>> engines, DiscoverySettings settings) {
        this.engines = engines;
        this.settings = settings;
    }

    @Override
    public void onApplicationEvent(HeartbeatEvent event) {
        wake.all();
    }

    @Override
    public PeerDiscovery find(String service) {
        Objects.requireNonNull(service, "service");
        List<ReactiveDiscoveryClient> asked = engines.get();
        if (asked.isEmpty()) {
            throw new IllegalArgumentException(
                    "no ReactiveDiscoveryClient is there that could be asked for the service \"" + service + "\"");
        }
        return Discovery.limited(new CloudDiscovery(asked, service, settings, wake), settings.maxPeers());
    }
}
