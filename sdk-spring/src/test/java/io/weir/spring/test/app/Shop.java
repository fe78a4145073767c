package io.weir.spring.test.app;

import io.weir.core.error.ApplicationException;
import io.weir.spring.WeirMessageHandler;
import io.weir.spring.WeirRequestHandler;
import io.weir.spring.WeirStreamHandler;
import io.weir.spring.test.app.ShopApplication.Price;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Answers. */
@Component
public class Shop {

    public final List<String> told = new ArrayList<>();
    private final OtherShop other;

    Shop(OtherShop other) {
        this.other = other;
    }

    @WeirRequestHandler("price")
    Mono<Price> price(String symbol) {
        return symbol.equals("NONE")
                ? Mono.error(new ApplicationException(7, "no such symbol"))
                : other.price(symbol).map(price -> new Price(symbol, price.cents() + 1));
    }

    @WeirStreamHandler("count")
    Flux<Integer> count(int to) {
        return Flux.range(1, to);
    }

    @WeirMessageHandler("tell")
    void tell(String text) {
        told.add(text);
    }
}
