package io.weir.spring;

import reactor.core.publisher.Mono;

/**
 * Tells that the application begins to stop, before the web server waits for its responses: for what would not end by itself. A bean.
 *
 * <pre>{@code
 * @GetMapping(path = "/quotes", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
 * Flux<Quote> quotes() {
 *     return publisher.quotes().takeUntilOther(stop.begun());
 * }
 * }</pre>
 */
public interface ApplicationStop {

    /** Completes when the application begins to stop. Only observes; any number of subscribers. */
    Mono<Void> begun();
}
