package io.weir.spring.discovery;

import io.weir.spring.node.ApplicationNode;
import io.weir.spring.node.Stage;
import io.weir.spring.node.StopSignal;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.serviceregistry.AbstractAutoServiceRegistration;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Registers an application that has a node and no web server: Spring Cloud registers by itself when a web server has started. Never in the
 * way of the start: while the engine is away it tries again. Taken back before the node drains, so that peers which look for
 * one find another.
 */
public final class NodeRegistration extends Stage {

    private static final Logger LOG = LoggerFactory.getLogger(NodeRegistration.class);
    private static final Duration SHORTEST_DELAY = Duration.ofSeconds(1);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

    private final ApplicationNode node;
    private final List<? extends AbstractAutoServiceRegistration<?>> registrations;
    private final Scheduler threads = Schedulers.boundedElastic();
    private Disposable registering = Disposables.disposed(); // of the container's thread

    /** @param registrations the application's own, with each of its engines */
    public NodeRegistration(ApplicationNode node, List<? extends AbstractAutoServiceRegistration<?>> registrations) {
        super(StopSignal.PHASE);
        this.node = node;
        this.registrations = List.copyOf(registrations);
    }

    @Override
    public void start() {
        if (NodeMetadata.listening(node).isPresent()) {
            registering = Flux.fromIterable(registrations)
                    .flatMap(each -> on(each, AbstractAutoServiceRegistration::start)
                            .doOnError(e -> LOG.warn("cannot register this node by {} yet", each, e))
                            .retryWhen(Retry.backoff(Long.MAX_VALUE, SHORTEST_DELAY)
                                    .maxBackoff(LONGEST_DELAY)))
                    .subscribe();
        }
        started();
    }

    private Mono<Void> on(
            AbstractAutoServiceRegistration<?> registration, Consumer<AbstractAutoServiceRegistration<?>> what) {
        return Mono.<Void>fromRunnable(() -> what.accept(registration)).subscribeOn(threads);
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    /** The engine may be away, and its client wait for it: the container gives each step its time. */
    @Override
    public void stop(Runnable callback) {
        stopping();
        registering.dispose();
        Flux.fromIterable(registrations)
                .flatMap(each -> on(each, AbstractAutoServiceRegistration::stop)
                        .doOnError(e -> LOG.warn("cannot take back the registration of this node by {}", each, e))
                        .onErrorComplete())
                .doFinally(signal -> callback.run())
                .subscribe();
    }
}
