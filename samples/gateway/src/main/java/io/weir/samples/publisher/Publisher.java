package io.weir.samples.publisher;

import io.weir.reactive.PeerNode;
import io.weir.samples.market.Price;
import io.weir.samples.market.Quote;
import io.weir.samples.market.RequestId;
import io.weir.spring.PeerNodeCustomizer;
import io.weir.spring.WeirHeader;
import io.weir.spring.WeirRequestHandler;
import io.weir.spring.WeirStreamHandler;
import java.time.Duration;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The second service: publishes quotes and prices. Prints its address, which is what the gateway has to know. */
@SpringBootApplication
public class Publisher {

    private static final Duration PERIOD = Duration.ofMillis(10);

    private final String source = "process " + ProcessHandle.current().pid();

    public static void main(String[] args) {
        application().run(args);
    }

    /** With {@code publisher.properties} in place of {@code application.properties}, which are the gateway's. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(Publisher.class).properties("spring.config.name=publisher");
    }

    @Bean
    PeerNodeCustomizer requestIds() {
        return spec -> spec.context(RequestId::toHeaders, RequestId::toContext);
    }

    @Bean
    ApplicationRunner address(PeerNode node) {
        return arguments -> System.out.println(node.addresses().get(0));
    }

    @WeirStreamHandler(value = "quotes", endless = true)
    Flux<Quote> quotes(@WeirHeader("symbol") String symbol, @WeirHeader("from") long from) {
        return Flux.interval(PERIOD)
                .onBackpressureDrop()
                .index((index, tick) -> new Quote(symbol, from + index, cents(symbol, from + index), source));
    }

    @WeirRequestHandler("price")
    Mono<Price> price(String symbol) {
        return RequestId.current().map(id -> new Price(symbol, cents(symbol, 0), source, id));
    }

    /** A market that any run of this program agrees on. */
    private static long cents(String symbol, long number) {
        return 10_000 + Math.floorMod(31L * symbol.hashCode() + 17 * number, 500);
    }
}
