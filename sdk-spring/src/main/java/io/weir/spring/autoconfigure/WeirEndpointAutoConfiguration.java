package io.weir.spring.autoconfigure;

import io.weir.reactive.dispatch.Workers;
import io.weir.spring.PeerNodeCustomizer;
import io.weir.spring.actuate.LiveStreams;
import io.weir.spring.actuate.NodeEndpoint;
import io.weir.spring.node.ApplicationNode;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/** The endpoint {@code weir}, where it is exposed. */
@AutoConfiguration(after = WeirAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(ApplicationNode.class)
@ConditionalOnAvailableEndpoint(NodeEndpoint.class)
public final class WeirEndpointAutoConfiguration {

    WeirEndpointAutoConfiguration() {}

    @Bean
    LiveStreams weirLiveStreams() {
        return new LiveStreams();
    }

    @Bean
    @Order(0)
    PeerNodeCustomizer weirStreamsShown(LiveStreams streams) {
        return spec -> spec.observer(streams);
    }

    @Bean
    @ConditionalOnMissingBean
    NodeEndpoint weirEndpoint(ApplicationNode node, LiveStreams streams, ListableBeanFactory beans) {
        return new NodeEndpoint(node, streams, () -> beans.getBeansOfType(Workers.class));
    }
}
