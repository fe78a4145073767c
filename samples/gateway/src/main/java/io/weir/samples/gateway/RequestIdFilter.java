package io.weir.samples.gateway;

import io.weir.samples.market.RequestId;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Gives each request an id, its own if it brings one of up to 64 characters, and returns it. */
@Component
class RequestIdFilter implements WebFilter {

    private static final int LONGEST = 64;

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String given = exchange.getRequest().getHeaders().getFirst(RequestId.HTTP_HEADER);
        String id = given == null || given.isBlank() || given.length() > LONGEST
                ? UUID.randomUUID().toString()
                : given;
        exchange.getResponse().getHeaders().set(RequestId.HTTP_HEADER, id);
        return chain.filter(exchange).contextWrite(context -> RequestId.put(context, id));
    }
}
