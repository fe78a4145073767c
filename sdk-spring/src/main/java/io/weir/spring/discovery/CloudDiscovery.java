package io.weir.spring.discovery;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerDiscovery;
import io.weir.reactive.discovery.DnsDiscovery;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The peers of one service, as engines of Spring Cloud name them. Each engine is asked by itself, again and again: when it has told that
 * something has changed, but no sooner than after {@link DnsDiscovery#MIN_PERIOD}, and no later than after the period and up to
 * a tenth of it by chance. What an engine has said stands until it says something else that can be believed.
 */
final class CloudDiscovery implements PeerDiscovery {

    private final List<ReactiveDiscoveryClient> engines;
    private final String service;
    private final DiscoverySettings settings;
    private final Wake wake;

    CloudDiscovery(List<ReactiveDiscoveryClient> engines, String service, DiscoverySettings settings, Wake wake) {
        this.engines = engines;
        this.service = service;
        this.settings = settings;
        this.wake = wake;
    }

    private record Said(ReactiveDiscoveryClient engine, Set<PeerAddress> peers) {}

    @Override
    public Flux<Set<PeerAddress>> peers() {
        return Flux.defer(() -> {
                    Map<ReactiveDiscoveryClient, Set<PeerAddress>> said = new LinkedHashMap<>();
                    return Flux.fromIterable(engines)
                            .flatMap(engine -> asked(engine).map(peers -> new Said(engine, peers)), engines.size())
                            .map(latest -> {
                                said.put(latest.engine(), latest.peers());
                                Set<PeerAddress> all = new LinkedHashSet<>();
                                said.values().forEach(all::addAll);
                                return Set.copyOf(all);
                            });
                })
                .distinctUntilChanged()
                .onBackpressureLatest();
    }

    private Flux<Set<PeerAddress>> asked(ReactiveDiscoveryClient engine) {
        return Flux.defer(() -> {
            EngineAnswers answers = new EngineAnswers(engine, service, settings.port());
            Turn turn = new Turn();
            return Mono.defer(() -> {
                        turn.begin();
                        return answers.ask();
                    })
                    .repeatWhen(rounds -> rounds.concatMap(round -> turn.pause()));
        });
    }

    /** From one question to the next. */
    private final class Turn {

        private Mono<Void> changed = Mono.never();

        /** A change that is told while the engine is asked counts: it may have answered before. */
        void begin() {
            changed = wake.next();
        }

        Mono<Long> pause() {
            Duration least = DnsDiscovery.MIN_PERIOD;
            long most = settings.period().minus(least).toNanos();
            double chance = settings.period().toNanos()
                    / 10.0
                    * ThreadLocalRandom.current().nextDouble();
            return Mono.delay(least)
                    .then(Mono.firstWithSignal(
                            Mono.delay(Duration.ofNanos(most + (long) chance)), changed.thenReturn(0L)));
        }
    }
}
