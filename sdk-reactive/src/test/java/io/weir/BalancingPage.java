package io.weir;

import io.weir.DocumentedCode.Quote;
import io.weir.core.balance.PeerSelector;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.BalancedCalls;
import io.weir.reactive.Balancing;
import io.weir.reactive.Hedging;
import io.weir.reactive.PeerGroup;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.WantedPeer;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.discovery.Discovery;
import io.weir.reactive.operator.PeerRetry;
import io.weir.reactive.operator.Reconnect;
import io.weir.reactive.operator.StreamAge;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The snippets of {@code docs-site/balancing.md}. */
final class BalancingPage {

    private BalancingPage() {}

    static List<Object> calls(PeerNode node) {
        PeerGroup quotes = node.peers().balanced(Discovery.dns("quotes.example.org", 7400), Balancing.defaults());
        Mono<Quote> price = quotes.request("price", "ACME", Codec.utf8(), Codec.json(Quote.class));
        Mono<Quote> same = quotes.keyed("ACME").request("price", "ACME", Codec.utf8(), Codec.json(Quote.class));
        BalancedCalls quick = quotes.hedged(Hedging.atQuantile(0.95));
        Mono<Quote> soon = quick.request("price", "ACME", Codec.utf8(), Codec.json(Quote.class));
        return List.of(price, same, soon);
    }

    static PeerGroup some(PeerNode node, Predicate<WantedPeer> isNearby) {
        PeerGroup nearby = node.peers()
                .balanced(
                        node.peers()
                                .states()
                                .filter(change -> isNearby.test(change.peer().wanted())),
                        Balancing.defaults().withSelector(PeerSelector.roundRobin()));
        return nearby;
    }

    static Flux<Quote> streams(PeerNode node, Logger log) {
        PeerGroup aging = node.peers()
                .balanced(
                        Discovery.dns("quotes.example.org", 7400),
                        Balancing.defaults().withMaxStreamAge(Duration.ofMinutes(10)));
        Flux<Quote> quotes = Reconnect.<Quote>stream(
                        aging,
                        (session, resume) -> session.subscribe(
                                StreamOpen.named("quotes-from").withHeader("from", Long.toString(resume.delivered())),
                                StreamConfig.reliable(),
                                Codec.json(Quote.class)),
                        PeerRetry.of(ConnectionPolicy.defaults()))
                .transform(Reconnect.elements(signal -> log.info("{}", signal)));
        return quotes;
    }

    static PeerNodeSpec serving(Flux<Quote> quotes) {
        StreamAge age = StreamAge.atMost(Duration.ofMinutes(10));
        PeerNodeSpec serving = Weir.node()
                .onStream("quotes", stream -> stream.send(quotes.transform(age::limit), Codec.json(Quote.class)));
        return serving;
    }
}
