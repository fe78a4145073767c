package io.weir.samples.gateway;

import io.weir.Weir;
import io.weir.reactive.PeerNode;
import java.time.Duration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Browsers on one side, publishers on Weir on the other. */
@SpringBootApplication
@EnableConfigurationProperties(GatewaySettings.class)
public class Gateway {

    public static void main(String[] args) {
        SpringApplication.run(Gateway.class, args);
    }

    /** Keeps the publishers connected. Beans are destroyed behind the web server's last response, so it outlives them all. */
    @Bean(destroyMethod = "dispose")
    PeerNode node(GatewaySettings settings) {
        PeerNode node =
                Weir.node().context(RequestId::toHeaders, RequestId::toContext).startNow(Duration.ofSeconds(60));
        node.peers().connectAll(settings.addresses());
        return node;
    }
}
