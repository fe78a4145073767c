package io.weir.samples.gateway;

import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.Headers;
import io.weir.reactive.Peer;
import io.weir.reactive.PeerNode;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.operator.PeerRetry;
import io.weir.reactive.operator.Reconnect;
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

    private final List<Peer> peers;
    private final Hedge hedge;
    private final RequestOptions options;

    Publishers(PeerNode node, GatewaySettings settings) {
        this.peers = settings.addresses().stream()
                .map(address -> node.peer(address.expected()))
                .toList();
        this.hedge = new Hedge(settings.hedgeDelay(), Schedulers.parallel());
        this.options = RequestOptions.defaults().withTimeout(settings.priceTimeout());
    }

    /**
     * The quotes of the preferred publisher from that number on, a stream for each subscriber. When the publisher stops or is lost
     * they pause until it is back, and go on with the next number.
     */
    Flux<Quote> quotes(String symbol, long from) {
        return Reconnect.<Quote>stream(
                        peers.get(0),
                        (session, resume) -> session.subscribe(
                                StreamOpen.named("quotes")
                                        .withHeaders(Headers.of("symbol", symbol)
                                                .with("from", Long.toString(from + resume.delivered()))),
                                StreamConfig.reliable(),
                                Codec.json(Quote.class)),
                        PeerRetry.of(ConnectionPolicy.defaults()))
                .transform(Reconnect.elements(signal -> LOG.info("{} {}", symbol, signal)));
    }

    /** The first answer of any publisher; one that is not connected is passed over at once. */
    Mono<Price> price(String symbol) {
        return hedge.first(peers.stream()
                .map(peer -> peer.failFast().request("price", symbol, Codec.utf8(), Codec.json(Price.class), options))
                .toList());
    }
}
