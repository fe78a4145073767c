package io.weir.spring.autoconfigure;

import io.weir.spring.ApplicationStop;
import io.weir.spring.NamedPeers;
import io.weir.spring.WeirCodecs;
import io.weir.spring.WeirServices;
import io.weir.spring.client.ClientProxies;
import io.weir.spring.client.ClientScan;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/** Beans of the application's annotated interfaces. */
@AutoConfiguration(after = WeirAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "weir.enabled", matchIfMissing = true)
public final class WeirClientsAutoConfiguration {

    WeirClientsAutoConfiguration() {}

    @Bean
    static ClientScan weirClientScan(Environment environment, ResourceLoader resources) {
        return new ClientScan(environment, resources);
    }

    @Bean
    ClientProxies weirClients(
            WeirCodecs codecs,
            NamedPeers peers,
            WeirServices services,
            ApplicationStop stop,
            ConfigurableListableBeanFactory beans) {
        return new ClientProxies(
                codecs, ApplicationConversionService.getSharedInstance(), peers, services, stop, beans);
    }
}
