package io.weir.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An interface whose methods ask a peer. Those in the packages of the application, and below them, become beans, unless
 * the application has one of its own of that type; others are made by {@link WeirClients}.
 *
 * <pre>{@code
 * @WeirClient("prices")
 * interface Prices {
 *     @WeirRequest("price")
 *     Mono<Price> price(Symbol symbol);
 *
 *     @WeirStream(value = "quotes", endless = true)
 *     Flux<Quote> quotes(@WeirHeader("symbol") String symbol);
 * }
 * }</pre>
 *
 * <p>All of its methods are annotated, or {@code default} ones. Nothing happens when one is called: each subscription to what it
 * returns is a call of its own.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface WeirClient {

    /**
     * The peer: a name of {@code weir.peers}, or that of a bean of type {@link io.weir.reactive.PeerCalls}, which comes first;
     * placeholders ({@code ${...}}) are resolved. Either this is said or {@link #service}.
     */
    String value() default "";

    /**
     * The service, where any of several peers can answer: they are found and kept connected, and each call goes to one of them
     * ({@link WeirServices}). Placeholders are resolved.
     */
    String service() default "";
}
