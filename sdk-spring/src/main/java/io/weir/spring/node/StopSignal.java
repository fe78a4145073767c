package io.weir.spring.node;

import io.weir.spring.ApplicationStop;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Tells what has no end that the application stops, before the web server waits for it. */
public final class StopSignal extends Stage implements ApplicationStop {

    /** Above that at which Boot's web servers wait for their responses, 1,024 below the highest. */
    public static final int PHASE = DEFAULT_PHASE - 512;

    private volatile Sinks.Empty<Void> stopping = Sinks.empty();
    private volatile boolean stopped;

    public StopSignal() {
        super(PHASE);
    }

    @Override
    public Mono<Void> begun() {
        return Mono.defer(() -> stopping.asMono());
    }

    @Override
    public void start() {
        if (stopped) { // else those that have subscribed before would not be told
            stopping = Sinks.empty();
            stopped = false;
        }
        started();
    }

    @Override
    public void stop() {
        stopping();
        stopped = true;
        stopping.tryEmitEmpty();
    }
}
