package io.weir.spring.autoconfigure;

import io.weir.core.peer.PeerAddress;
import io.weir.spring.LocalWeirPort;
import io.weir.spring.node.NodeStarted;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Tells the environment where the node listens, once it does. */
@AutoConfiguration(after = WeirAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "weir.enabled", matchIfMissing = true)
public final class WeirPortAutoConfiguration {

    private static final String SOURCE = "weir.ports";

    WeirPortAutoConfiguration() {}

    @Bean
    ApplicationListener<NodeStarted> weirPortListener(ConfigurableEnvironment environment) {
        return started -> started.node().addresses().stream()
                .mapToInt(PeerAddress::port)
                .filter(port -> port > 0)
                .findFirst()
                .ifPresent(port -> {
                    environment.getPropertySources().remove(SOURCE);
                    environment
                            .getPropertySources()
                            .addFirst(new MapPropertySource(SOURCE, Map.of(LocalWeirPort.PROPERTY, port)));
                });
    }
}
