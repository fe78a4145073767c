package io.weir.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a {@link WeirClient} that sends a one-way message ({@link io.weir.reactive.PeerCalls#send}) and returns a
 * {@code Mono<Void>}, which completes when it is written. It takes what that of a {@link WeirRequest} takes, but for the deadline.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface WeirMessage {

    /** The name, 1 to 255 bytes of UTF-8; placeholders ({@code ${...}}) are resolved. */
    String value();
}
