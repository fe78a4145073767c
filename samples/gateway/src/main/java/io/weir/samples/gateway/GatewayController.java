package io.weir.samples.gateway;

import io.weir.core.error.WeirException;
import io.weir.samples.market.Price;
import io.weir.samples.market.Quote;
import io.weir.spring.ApplicationStop;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What browsers see. */
@RestController
class GatewayController {

    private final Publishers publishers;
    private final ApplicationStop stop;

    GatewayController(Publishers publishers, ApplicationStop stop) {
        this.publishers = publishers;
        this.stop = stop;
    }

    /**
     * Quotes, from 0 on or behind the last one that the browser has seen. Demand goes from the browser's socket to the publisher:
     * one that does not read stops its own stream, and nobody else's. The comment comes first, since nothing is written before the
     * first event, not even the status.
     */
    @GetMapping(path = "/quotes/{symbol}", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<ServerSentEvent<Quote>> quotes(
            @PathVariable String symbol, @RequestHeader(name = "Last-Event-ID", defaultValue = "-1") long last) {
        ServerSentEvent<Quote> hello =
                ServerSentEvent.<Quote>builder().comment("quotes of " + symbol).build();
        return publishers
                .quotes(symbol, last + 1)
                .map(quote -> ServerSentEvent.builder(quote)
                        .id(Long.toString(quote.number()))
                        .build())
                .startWith(hello)
                .takeUntilOther(stop.begun());
    }

    /** A price, from whichever publisher is first. */
    @GetMapping("/prices/{symbol}")
    Mono<Price> price(@PathVariable String symbol) {
        return publishers.price(symbol);
    }

    /** 503 where the same request can succeed later, else 502. */
    @ExceptionHandler
    ProblemDetail noAnswer(WeirException e) {
        return ProblemDetail.forStatusAndDetail(
                e.reason().retryable() ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.BAD_GATEWAY,
                "no publisher has answered: " + e.reason().error());
    }
}
