package io.weir.spring.autoconfigure;

import io.micrometer.observation.ObservationRegistry;
import io.weir.metrics.observation.ObservationOptions;
import io.weir.metrics.observation.WeirObservations;
import io.weir.spring.PeerNodeCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/** Observations of what the node asks and answers, and so traces that go on at its peers, where there is a registry for them. */
@AutoConfiguration(
        after = WeirAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnBean(ObservationRegistry.class)
@ConditionalOnBooleanProperty(name = "weir.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "weir.observation.enabled", matchIfMissing = true)
public final class WeirObservationAutoConfiguration {

    WeirObservationAutoConfiguration() {}

    /** A bean of {@link ObservationOptions} names them otherwise. */
    @Bean
    @Order(0)
    PeerNodeCustomizer weirObservations(ObservationRegistry registry, ObjectProvider<ObservationOptions> options) {
        return WeirObservations.of(registry, options.getIfAvailable(ObservationOptions::defaults))::observe;
    }
}
