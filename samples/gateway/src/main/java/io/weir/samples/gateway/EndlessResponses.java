package io.weir.samples.gateway;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Ends what would not end by itself when the application stops. The web server waits for its responses at a later phase than this
 * default one; without it, it would wait for its whole time-out.
 */
@Component
class EndlessResponses implements SmartLifecycle {

    private volatile Sinks.Empty<Void> stopping = Sinks.empty();
    private volatile boolean running;

    /** Completes when the application begins to stop. */
    Mono<Void> end() {
        return stopping.asMono();
    }

    @Override
    public void start() {
        stopping = Sinks.empty();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        stopping.tryEmitEmpty();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
