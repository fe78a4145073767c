package io.weir.spring.autoconfigure;

import io.weir.spring.discovery.CloudServices;
import io.weir.spring.properties.NodeSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.discovery.composite.reactive.ReactiveCompositeDiscoveryClient;
import org.springframework.context.annotation.Bean;

/** Peers of services by Spring Cloud's discovery, where the application has it. */
@AutoConfiguration(
        after = WeirAutoConfiguration.class,
        afterName =
                "org.springframework.cloud.client.discovery.composite.reactive.ReactiveCompositeDiscoveryClientAutoConfiguration")
@ConditionalOnClass(ReactiveDiscoveryClient.class)
@ConditionalOnBean(ReactiveDiscoveryClient.class)
@ConditionalOnBooleanProperty(name = "weir.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "weir.discovery.enabled", matchIfMissing = true)
public final class WeirDiscoveryAutoConfiguration {

    WeirDiscoveryAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    CloudServices weirCloudServices(ObjectProvider<ReactiveDiscoveryClient> engines, NodeSettings settings) {
        return new CloudServices(
                () -> engines.orderedStream()
                        .filter(engine -> !(engine instanceof ReactiveCompositeDiscoveryClient))
                        .toList(),
                settings.discovery());
    }
}
