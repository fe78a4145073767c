package io.weir.spring.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.metrics.MeterOptions;
import io.weir.metrics.WeirMetrics;
import io.weir.spring.PeerNodeCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/** The node's meters, where there is a registry for them. */
@AutoConfiguration(
        after = WeirAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "weir.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "weir.metrics.enabled", matchIfMissing = true)
public final class WeirMetricsAutoConfiguration {

    WeirMetricsAutoConfiguration() {}

    /** A bean of {@link MeterOptions} says how they are tagged. */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    WeirMetrics weirMetrics(MeterRegistry registry, ObjectProvider<MeterOptions> options) {
        return WeirMetrics.in(registry, options.getIfAvailable(MeterOptions::defaults));
    }

    @Bean
    @Order(0)
    PeerNodeCustomizer weirMeters(WeirMetrics metrics) {
        return spec -> spec.observer(metrics.observer());
    }
}
