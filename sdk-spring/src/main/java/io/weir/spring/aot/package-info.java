/** What a native image has to be told of annotated methods, as Spring's processing ahead of time collects it. */
@NullMarked
package io.weir.spring.aot;

import org.jspecify.annotations.NullMarked;
