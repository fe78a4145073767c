package io.weir.samples.gateway;

import io.weir.samples.market.RequestId;
import io.weir.spring.PeerNodeCustomizer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** Browsers on one side, publishers on Weir on the other. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class Gateway {

    public static void main(String[] args) {
        SpringApplication.run(Gateway.class, args);
    }

    @Bean
    PeerNodeCustomizer requestIds() {
        return spec -> spec.context(RequestId::toHeaders, RequestId::toContext);
    }
}
