package io.weir.samples.gateway;

import io.weir.reactive.PeerCalls;
import io.weir.samples.market.Price;
import io.weir.samples.market.Quote;
import io.weir.spring.WeirDeadline;
import io.weir.spring.WeirHeader;
import io.weir.spring.WeirRequest;
import io.weir.spring.WeirStream;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a publisher can be asked. */
interface Market {

    @WeirRequest("price")
    Mono<Price> price(String symbol, @WeirDeadline Duration patience);

    /** From that number on, over that session. */
    @WeirStream("quotes")
    Flux<Quote> quotes(PeerCalls session, @WeirHeader("symbol") String symbol, @WeirHeader("from") long from);
}
