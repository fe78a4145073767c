package io.weir.spring.discovery;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import reactor.core.publisher.Flux;

/** An engine whose answers a test gives: each once, in their order, and the last one from then on. */
final class GivenEngine implements ReactiveDiscoveryClient {

    private final Deque<Flux<ServiceInstance>> instances = new ArrayDeque<>(List.of(Flux.empty()));
    private final Deque<Flux<String>> services = new ArrayDeque<>(List.of(Flux.empty()));
    int asked;

    /** An instance with such metadata. */
    static ServiceInstance instance(String host, Map<String, String> metadata) {
        return new DefaultServiceInstance("id of " + host, "prices", host, 8080, false, metadata);
    }

    /** One that has a node, without saying who that is. */
    static ServiceInstance node(String host) {
        return instance(host, Map.of("weir-port", "7400"));
    }

    /** Answers so from now on, behind the answers that are still to come. */
    @SafeVarargs
    @SuppressWarnings("varargs") // they are only read
    final GivenEngine names(Flux<ServiceInstance>... answers) {
        instances.clear();
        instances.addAll(List.of(answers));
        return this;
    }

    GivenEngine names(ServiceInstance... found) {
        return names(Flux.just(found));
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // they are only read
    final GivenEngine services(Flux<String>... answers) {
        services.clear();
        services.addAll(List.of(answers));
        return this;
    }

    @Override
    public String description() {
        return "the given engine";
    }

    @Override
    public Flux<ServiceInstance> getInstances(String service) {
        asked++;
        return next(instances);
    }

    @Override
    public Flux<String> getServices() {
        return next(services);
    }

    private static <T> Flux<T> next(Deque<Flux<T>> answers) {
        return answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
    }
}
