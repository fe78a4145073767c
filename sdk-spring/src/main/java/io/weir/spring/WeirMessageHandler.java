package io.weir.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean that takes the one-way messages of one name, as a {@link io.weir.reactive.MessageHandler}. It returns a
 * publisher without values ({@code Mono<Void>}) and must not block; or {@code void}, and then it is called on a thread where it may.
 * What it may take is that of a {@link WeirRequestHandler}, with {@link io.weir.reactive.Message} in place of the request, and no
 * deadline.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface WeirMessageHandler {

    /** The name, 1 to 255 bytes of UTF-8; placeholders ({@code ${...}}) are resolved. */
    String value();
}
