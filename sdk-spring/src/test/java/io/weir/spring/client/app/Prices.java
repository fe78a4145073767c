package io.weir.spring.client.app;

import io.weir.spring.WeirClient;
import io.weir.spring.WeirRequest;
import reactor.core.publisher.Mono;

/** A client that is found in the packages of the application. */
@WeirClient("${name.of.peer:prices}")
public interface Prices {
    @WeirRequest("price")
    Mono<String> price(String symbol);
}
