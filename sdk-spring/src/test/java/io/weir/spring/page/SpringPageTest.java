package io.weir.spring.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.identity.PeerId;
import io.weir.core.wire.Headers;
import io.weir.reactive.PeerDiscovery;
import io.weir.reactive.discovery.Discovery;
import io.weir.spring.PeerNodeCustomizer;
import io.weir.spring.WeirClient;
import io.weir.spring.WeirDeadline;
import io.weir.spring.WeirHeader;
import io.weir.spring.WeirMessage;
import io.weir.spring.WeirMessageHandler;
import io.weir.spring.WeirRequest;
import io.weir.spring.WeirRequestHandler;
import io.weir.spring.WeirStream;
import io.weir.spring.WeirStreamHandler;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.autoconfigure.WeirClientsAutoConfiguration;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** What the pages on Spring and on discovery show: it compiles, and a container takes it. */
class SpringPageTest {

    record Price(String symbol, long cents) {}

    record Quote(String symbol, long number) {}

    record Reading(double value) {}

    interface Tenant {
        static Headers toHeaders(ContextView context, Headers headers) {
            return headers;
        }

        static Context toContext(Headers headers, Context context) {
            return context;
        }
    }

    static final class Handlers {
        @WeirRequestHandler("price")
        Mono<Price> price(String symbol, PeerId asks, @WeirHeader("tenant") Optional<String> tenant) {
            return Mono.just(new Price(symbol, 42));
        }

        @WeirStreamHandler(value = "quotes", endless = true)
        Flux<Quote> quotes(@WeirHeader("symbol") String symbol) {
            return Flux.interval(Duration.ofSeconds(1)).map(number -> new Quote(symbol, number));
        }

        @WeirStreamHandler("sums")
        Flux<Long> sums(Flux<Long> numbers) {
            return numbers.scan(Long::sum);
        }

        @WeirMessageHandler("reading")
        void onReading(Reading reading) {
            System.out.println(reading);
        }
    }

    @WeirClient("prices")
    interface Prices {
        @WeirRequest("price")
        Mono<Price> price(String symbol, @WeirDeadline Duration patience);

        @WeirStream(value = "quotes", endless = true)
        Flux<Quote> quotes(@WeirHeader("symbol") String symbol);

        @WeirStream("sums")
        Flux<Long> sums(Flux<Long> numbers);

        @WeirMessage("reading")
        Mono<Void> tell(Reading reading);
    }

    @WeirClient(service = "prices")
    interface ListedPrices {
        @WeirRequest("price")
        Mono<Price> price(String symbol);
    }

    @Configuration(proxyBeanMethods = false)
    @AutoConfigurationPackage
    @Import(Handlers.class)
    static class Application {
        @Bean
        PeerDiscovery prices() {
            return Discovery.dns("prices.example.org", 7400);
        }

        @Bean
        PeerNodeCustomizer tenants() {
            return spec -> spec.context(Tenant::toHeaders, Tenant::toContext);
        }
    }

    @Test
    void containerTakesAllOfIt() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        JacksonAutoConfiguration.class,
                        WeirAutoConfiguration.class,
                        WeirClientsAutoConfiguration.class))
                .withUserConfiguration(Application.class)
                .withPropertyValues("weir.peers.prices.addresses=tcp://127.0.0.1:1", "weir.stop-grace=0s")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Prices.class)
                        .hasSingleBean(ListedPrices.class));
    }
}
