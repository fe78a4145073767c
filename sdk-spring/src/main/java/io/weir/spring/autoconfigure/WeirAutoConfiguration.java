package io.weir.spring.autoconfigure;

import io.weir.core.identity.Identity;
import io.weir.reactive.Balancing;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.dispatch.Workers;
import io.weir.spring.ApplicationStop;
import io.weir.spring.NamedPeers;
import io.weir.spring.PeerNodeCustomizer;
import io.weir.spring.WeirCodecs;
import io.weir.spring.WeirServices;
import io.weir.spring.discovery.ServiceFinder;
import io.weir.spring.discovery.ServiceGroups;
import io.weir.spring.handler.BlockingCalls;
import io.weir.spring.handler.DeclaredHandlers;
import io.weir.spring.node.ApplicationNode;
import io.weir.spring.node.ConfiguredPeers;
import io.weir.spring.node.NetworkStarter;
import io.weir.spring.node.NodeLifecycle;
import io.weir.spring.node.NodeStarter;
import io.weir.spring.node.StopSignal;
import io.weir.spring.properties.NodeIdentity;
import io.weir.spring.properties.NodeSettings;
import io.weir.spring.properties.WeirProperties;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/** One node for the application: who it is, what it answers, whom it knows, and its life within that of the container. */
@AutoConfiguration(afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnBooleanProperty(name = "weir.enabled", matchIfMissing = true)
@EnableConfigurationProperties(WeirProperties.class)
public final class WeirAutoConfiguration {

    WeirAutoConfiguration() {}

    @Bean
    NodeSettings weirNodeSettings(WeirProperties properties) {
        return NodeSettings.of(properties);
    }

    @Bean
    @ConditionalOnMissingBean({Identity.class, NodeStarter.class})
    Identity weirIdentity(WeirProperties properties) {
        return NodeIdentity.of(properties.identity());
    }

    @Bean
    @ConditionalOnMissingBean
    NodeStarter weirNodeStarter(NodeSettings settings, Identity identity) {
        return new NetworkStarter(identity, settings.listen(), settings.startTimeout());
    }

    @Bean
    @ConditionalOnMissingBean
    WeirCodecs weirCodecs(ObjectProvider<JsonMapper> mapper) {
        return new WeirCodecs(mapper::getObject);
    }

    @Bean(destroyMethod = "dispose")
    @ConditionalOnProperty("weir.workers.threads")
    @ConditionalOnMissingBean
    Workers weirWorkers(NodeSettings settings) {
        return Objects.requireNonNull(settings.workers()).start();
    }

    @Bean
    DeclaredHandlers weirHandlers(
            ConfigurableListableBeanFactory beans,
            WeirCodecs codecs,
            ObjectProvider<HandlerThreads> threads,
            ObjectProvider<Workers> workers) {
        return new DeclaredHandlers(
                beans, codecs, ApplicationConversionService.getSharedInstance(), blocking(threads, workers));
    }

    private static BlockingCalls blocking(ObjectProvider<HandlerThreads> threads, ObjectProvider<Workers> workers) {
        HandlerThreads given = threads.getIfAvailable();
        Workers bounded = given == null ? workers.getIfAvailable() : null;
        if (bounded != null) {
            return BlockingCalls.on(bounded);
        }
        return BlockingCalls.on(given == null ? Schedulers.boundedElastic() : given.scheduler());
    }

    @Bean(destroyMethod = "dispose")
    ApplicationNode weirNode() {
        return new ApplicationNode();
    }

    @Bean
    @ConditionalOnMissingBean(NamedPeers.class)
    ConfiguredPeers weirPeers(NodeSettings settings) {
        return settings.peers();
    }

    @Bean
    @ConditionalOnMissingBean(WeirServices.class)
    ServiceGroups weirServices(
            BeanFactory beans, ObjectProvider<ServiceFinder> finder, ObjectProvider<Balancing> balancing) {
        return new ServiceGroups(beans, finder, () -> balancing.getIfAvailable(Balancing::defaults));
    }

    @Bean
    @ConditionalOnMissingBean(ApplicationStop.class)
    StopSignal weirStopSignal() {
        return new StopSignal();
    }

    @Bean
    NodeLifecycle weirNodeLifecycle(
            NodeStarter starter,
            NodeSettings settings,
            DeclaredHandlers handlers,
            ObjectProvider<PeerNodeCustomizer> customizers,
            ApplicationNode node,
            ObjectProvider<ConfiguredPeers> peers,
            ApplicationEventPublisher events) {
        UnaryOperator<PeerNodeSpec> declaration = spec -> {
            PeerNodeSpec declared = handlers.declareOn(settings.declareOn(spec));
            for (PeerNodeCustomizer customizer : customizers.orderedStream().toList()) {
                declared = customizer.customize(declared);
            }
            return declared;
        };
        return new NodeLifecycle(
                starter,
                declaration,
                node,
                peers.getIfAvailable(() -> new ConfiguredPeers(Map.of())),
                events,
                settings.stopGrace());
    }
}
