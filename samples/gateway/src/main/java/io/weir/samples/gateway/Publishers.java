package io.weir.samples.gateway;

import io.weir.core.peer.ConnectionPolicy;
import io.weir.reactive.Peer;
import io.weir.reactive.operator.PeerRetry;
import io.weir.reactive.operator.Reconnect;
import io.weir.samples.market.Price;
import io.weir.samples.market.Quote;
import io.weir.spring.NamedPeers;
import io.weir.spring.WeirClients;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What the gateway asks of its publishers. */
@Component
class Publishers {

    private static final Logger LOG = LoggerFactory.getLogger(Publishers.class);

    private final Peer preferred;
    private final List<Market> markets;
    private final Hedge hedge;
    private final GatewaySettings settings;

    Publishers(NamedPeers peers, WeirClients clients, GatewaySettings settings) {
        List<String> names = peers.names().stream().sorted().toList();
        this.preferred = peers.peer(names.get(0));
        this.markets = names.stream()
                .map(name -> clients.create(Market.class, peers.calls(name)))
                .toList();
        this.hedge = new Hedge(settings.hedgeDelay(), Schedulers.parallel());
        this.settings = settings;
    }

    /**
     * The quotes of the preferred publisher from that number on, a stream for each subscriber. When the publisher stops or is lost
     * they pause until it is back, and go on with the next number.
     */
    Flux<Quote> quotes(String symbol, long from) {
        return Reconnect.<Quote>stream(
                        preferred,
                        (session, resume) -> markets.get(0).quotes(session, symbol, from + resume.delivered()),
                        PeerRetry.of(ConnectionPolicy.defaults()))
                .transform(Reconnect.elements(signal -> LOG.info("{} {}", symbol, signal)));
    }

    /** The first answer of any publisher; one that is not connected is passed over at once. */
    Mono<Price> price(String symbol) {
        return hedge.first(markets.stream()
                .map(market -> market.price(symbol, settings.priceTimeout()))
                .toList());
    }
}
