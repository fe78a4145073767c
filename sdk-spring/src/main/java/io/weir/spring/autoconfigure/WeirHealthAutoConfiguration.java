package io.weir.spring.autoconfigure;

import io.weir.spring.actuate.NodeHealthIndicator;
import io.weir.spring.node.ApplicationNode;
import io.weir.spring.node.ConfiguredPeers;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.annotation.Bean;

/** The node's part in the application's health, where that has any. */
@AutoConfiguration(after = WeirAutoConfiguration.class)
@ConditionalOnClass({ReactiveHealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean({ApplicationNode.class, ConfiguredPeers.class})
@ConditionalOnEnabledHealthIndicator("weir")
public final class WeirHealthAutoConfiguration {

    WeirHealthAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = "weirHealthIndicator")
    NodeHealthIndicator weirHealthIndicator(ApplicationNode node, ConfiguredPeers peers) {
        return new NodeHealthIndicator(node, peers);
    }
}
