package io.weir.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a {@link WeirClient} that makes a request ({@link io.weir.reactive.PeerCalls#request}) and returns a {@code Mono} of its
 * answer. It takes at most one value, none is an empty payload; {@link io.weir.core.wire.Headers}, {@link WeirHeader}s, of which null
 * and an empty {@code Optional} are left out, {@link WeirDeadline}, and {@link io.weir.reactive.PeerCalls} where another peer than the
 * client's is to be asked.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface WeirRequest {

    /** The route, 1 to 255 bytes of UTF-8; placeholders ({@code ${...}}) are resolved. */
    String value();
}
