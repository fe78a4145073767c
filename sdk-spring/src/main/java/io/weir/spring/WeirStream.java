package io.weir.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a {@link WeirClient} that opens a stream and returns a {@code Flux} of what the peer sends. It takes what is sent to the
 * peer, as a {@code Flux} or another publisher ({@link io.weir.reactive.PeerCalls#exchange}), or as one value; none is a subscription
 * ({@link io.weir.reactive.PeerCalls#subscribe}). Further: {@link io.weir.core.wire.Headers}, {@link WeirHeader}s,
 * {@link io.weir.core.stream.StreamConfig} in place of the reliable one, and {@link io.weir.reactive.PeerCalls} where another peer than
 * the client's is to be asked.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface WeirStream {

    /** The name, 1 to 255 bytes of UTF-8; placeholders ({@code ${...}}) are resolved. */
    String value();

    /**
     * Whether it never completes by itself: then it completes here when the application begins to stop ({@link ApplicationStop}), so
     * that a response that is made of it ends well. What is not endless goes on to its end meanwhile.
     */
    boolean endless() default false;
}
