/**
 * Weir in a Spring Boot application: what its code uses. Where beans come from is {@link io.weir.spring.autoconfigure}; the other
 * packages are how it is done.
 */
@NullMarked
package io.weir.spring;

import org.jspecify.annotations.NullMarked;
