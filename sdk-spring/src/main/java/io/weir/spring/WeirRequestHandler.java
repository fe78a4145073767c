package io.weir.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean that answers the requests of one route, as a {@link io.weir.reactive.RequestHandler}.
 *
 * <pre>{@code
 * @WeirRequestHandler("price")
 * Mono<Price> price(Symbol symbol, PeerId asks, @WeirHeader("tenant") String tenant) { ... }
 * }</pre>
 *
 * <p>It returns a {@code Mono} of the answer, another publisher of one value or a future, and must not block; or the answer itself,
 * and then it is called on a thread where it may. What it may take, in any order: at most one value, as {@link io.weir.spring.WeirCodecs} decodes the payload,
 * also as a {@code Mono} of it; {@link io.weir.core.identity.PeerId}, {@link io.weir.reactive.PeerSession},
 * {@link io.weir.core.wire.Headers}, {@link io.weir.reactive.Request}, {@link WeirHeader}s and {@link WeirDeadline}. A payload that
 * does not fit the value is answered {@code DECODE_FAILED}; the method is not called.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface WeirRequestHandler {

    /** The route, 1 to 255 bytes of UTF-8; placeholders ({@code ${...}}) are resolved. */
    String value();
}
