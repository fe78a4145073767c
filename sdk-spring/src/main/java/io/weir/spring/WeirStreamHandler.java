package io.weir.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean that answers the streams that peers open under one name, as a {@link io.weir.reactive.StreamHandler}.
 *
 * <pre>{@code
 * @WeirStreamHandler(value = "quotes", endless = true)
 * Flux<Quote> quotes(@WeirHeader("symbol") String symbol) { ... }
 *
 * @WeirStreamHandler("sums")
 * Flux<Long> sums(Flux<Long> numbers) { ... }
 * }</pre>
 *
 * <p>It returns what is sent to the peer, a {@code Flux} or another publisher, whose demand is the peer's credit; or
 * {@code Mono<Void>}, and sends nothing. It must not block. What it may take, in any order: what the peer sends, as one {@code Flux},
 * as a {@code Mono} of the first value, or as that value itself, for which the call then waits;
 * {@link io.weir.core.identity.PeerId}, {@link io.weir.reactive.PeerSession}, {@link io.weir.core.wire.Headers},
 * {@link io.weir.reactive.PeerStream} and {@link WeirHeader}s.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface WeirStreamHandler {

    /** The name, 1 to 255 bytes of UTF-8; placeholders ({@code ${...}}) are resolved. */
    String value();

    /**
     * Whether what it sends never completes: then it ends when its session drains, with {@code GOING_AWAY}, which a subscriber's
     * {@link io.weir.reactive.operator.Reconnect} mends. What is not endless goes on to its end meanwhile.
     */
    boolean endless() default false;
}
