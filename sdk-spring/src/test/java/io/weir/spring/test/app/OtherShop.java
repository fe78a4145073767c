package io.weir.spring.test.app;

import io.weir.spring.WeirClient;
import io.weir.spring.WeirRequest;
import io.weir.spring.test.app.ShopApplication.Price;
import reactor.core.publisher.Mono;

/** Asks another shop. */
@WeirClient("other-shop")
public interface OtherShop {
    @WeirRequest("price")
    Mono<Price> price(String symbol);
}
