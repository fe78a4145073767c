package io.weir.spring.discovery;

import io.weir.reactive.Balancing;
import io.weir.reactive.PeerCalls;
import io.weir.reactive.PeerDiscovery;
import io.weir.reactive.PeerGroup;
import io.weir.reactive.PeerNode;
import io.weir.spring.WeirServices;
import io.weir.spring.node.DeferredCalls;
import io.weir.spring.node.NodeStarted;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationListener;

/** The services that have been asked for: a group of peers for each, made anew whenever the node starts. Any thread. */
public final class ServiceGroups implements WeirServices, ApplicationListener<NodeStarted> {

    private final BeanFactory beans;
    private final ObjectProvider<ServiceFinder> finder;
    private final Supplier<Balancing> balancing;
    private final Map<String, PeerDiscovery> services = new ConcurrentHashMap<>();
    private volatile @Nullable Running running;

    /** A node's groups, which end with it. */
    private record Running(PeerNode node, Map<String, PeerGroup> groups) {}

    /**
     * None yet.
     *
     * @param beans which may be discoveries
     * @param finder of other services, where there is one
     * @param balancing how calls are spread, asked for each group
     */
    public ServiceGroups(BeanFactory beans, ObjectProvider<ServiceFinder> finder, Supplier<Balancing> balancing) {
        this.beans = beans;
        this.finder = finder;
        this.balancing = balancing;
    }

    @Override
    public void onApplicationEvent(NodeStarted started) {
        running = new Running(started.node(), new ConcurrentHashMap<>());
        services.keySet().forEach(this::group); // those that are asked for at the same time see the node
    }

    @Override
    public PeerDiscovery discovery(String service) {
        if (beans.containsBean(service) && beans.isTypeMatch(service, PeerDiscovery.class)) {
            return beans.getBean(service, PeerDiscovery.class);
        }
        ServiceFinder any = finder.getIfAvailable();
        if (any == null) {
            throw new IllegalArgumentException("nothing tells who the peers of the service \"" + service + "\" are");
        }
        return any.find(service);
    }

    @Override
    public PeerCalls calls(String service) {
        services.computeIfAbsent(service, this::discovery);
        if (running != null) {
            group(service);
        }
        return new DeferredCalls(() -> group(service));
    }

    private PeerGroup group(String service) {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("the node of the application has not started, so the service \"" + service
                    + "\" cannot be asked; it can when what a call gives is subscribed to later");
        }
        return now.groups()
                .computeIfAbsent(service, name -> now.node().peers().balanced(discovered(name), balancing.get()));
    }

    private PeerDiscovery discovered(String service) {
        return Objects.requireNonNull(services.get(service));
    }
}
