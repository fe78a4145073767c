package io.weir.samples.gateway;

import io.weir.core.peer.PeerAddress;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code gateway.*} of the application's properties.
 *
 * @param publishers where they listen, each with its id ({@code tcp://host:port#<peer id>}), the preferred one first
 * @param hedgeDelay how long one is waited for before the next is asked too
 * @param priceTimeout how long a price may take, whoever gives it
 */
@ConfigurationProperties("gateway")
record GatewaySettings(
        List<String> publishers,
        @DefaultValue("50ms") Duration hedgeDelay,
        @DefaultValue("5s") Duration priceTimeout) {

    GatewaySettings {
        if (publishers == null || publishers.isEmpty()) {
            throw new IllegalArgumentException("gateway.publishers is empty; legal: one address or more");
        }
        for (String publisher : publishers) {
            if (PeerAddress.parse(publisher).expected() == null) {
                throw new IllegalArgumentException(
                        "gateway.publishers has " + publisher + "; legal: tcp://host:port#<peer id>");
            }
        }
    }

    List<PeerAddress> addresses() {
        return publishers.stream().map(PeerAddress::parse).toList();
    }
}
