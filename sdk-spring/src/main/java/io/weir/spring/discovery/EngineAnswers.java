package io.weir.spring.discovery;

import io.weir.core.peer.PeerAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * What one engine answers that can be believed. A client whose engine is away may return an empty list and no error, so that an
 * empty answer is one only between two moments at which the engine names some service. Serialised by the questions, of
 * which one ends before the next begins.
 */
final class EngineAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(EngineAnswers.class);

    /** ZooKeeper's client gives up after 26 s; one that never does must not end the questions. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final ReactiveDiscoveryClient engine;
    private final String service;
    private final int otherwise;
    private Set<String> leftOut = Set.of();
    private boolean hasAnswered;
    private boolean isEmpty;
    private boolean isAway;

    /** @param otherwise the port of instances that say none */
    EngineAnswers(ReactiveDiscoveryClient engine, String service, int otherwise) {
        this.engine = engine;
        this.service = service;
        this.otherwise = otherwise;
    }

    /** Asks once. Empty if nothing was learned, and what is known stands. */
    Mono<Set<PeerAddress>> ask() {
        return Mono.defer(this::instances)
                .flatMap(found -> found.isEmpty() && !isEmpty ? looked() : Mono.just(found))
                .timeout(LONGEST)
                .map(this::learn)
                .switchIfEmpty(Mono.fromRunnable(() -> away(null)))
                .onErrorResume(e -> Mono.fromRunnable(() -> away(e)))
                .subscribeOn(Schedulers.boundedElastic()); // clients may block
    }

    /** There is an engine, then there are no instances, then there is still an engine. */
    private Mono<List<ServiceInstance>> looked() {
        return isUp().flatMap(before -> instances())
                .flatMap(found -> found.isEmpty() ? isUp().map(after -> found) : Mono.just(found));
    }

    private Mono<List<ServiceInstance>> instances() {
        return engine.getInstances(service).collectList();
    }

    private Mono<Boolean> isUp() {
        return engine.getServices().hasElements().filter(up -> up);
    }

    private Set<PeerAddress> learn(List<ServiceInstance> found) {
        if (isAway) {
            isAway = false;
            LOG.info("{} answers again", engine.description());
        }
        hasAnswered = true;
        isEmpty = found.isEmpty();
        Set<PeerAddress> peers = new HashSet<>();
        Set<String> bad = new HashSet<>();
        for (ServiceInstance instance : found) {
            try {
                peers.add(InstanceAddress.of(instance, otherwise));
            } catch (IllegalArgumentException e) {
                String which = instance.getInstanceId() + " at " + instance.getHost();
                bad.add(which);
                if (!leftOut.contains(which)) {
                    LOG.warn("The instance {} of {} is left out: {}", which, service, e.getMessage());
                }
            }
        }
        leftOut = bad;
        return Set.copyOf(peers);
    }

    /** An engine that has named nothing yet, without an error, may be one that nobody uses: Spring Cloud has such a one. */
    private void away(@Nullable Throwable why) {
        if (!isAway && (hasAnswered || why != null)) {
            isAway = true;
            LOG.warn("{} does not tell who offers {}; what is known of it stands", engine.description(), service, why);
        }
    }
}
