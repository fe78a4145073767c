package io.weir.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Time for a request. Of a handler's parameter, an {@code Optional<Duration>}: how much longer the requester waits, where it has said
 * so ({@link io.weir.reactive.Request#remaining}). Of a client's parameter, a {@code Duration}: how long to wait, 1 ms to 1 h.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface WeirDeadline {}
