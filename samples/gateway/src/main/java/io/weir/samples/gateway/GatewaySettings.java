package io.weir.samples.gateway;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code gateway.*} of the application's properties; its publishers are {@code weir.peers.*}, the first by name is the preferred one.
 *
 * @param hedgeDelay how long one is waited for before the next is asked too
 * @param priceTimeout how long a price may take, whoever gives it
 */
@ConfigurationProperties("gateway")
record GatewaySettings(
        @DefaultValue("50ms") Duration hedgeDelay,
        @DefaultValue("5s") Duration priceTimeout) {}
