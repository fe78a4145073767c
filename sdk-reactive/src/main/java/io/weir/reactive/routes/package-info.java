/** Peers by number: what stands behind {@link io.weir.reactive.Routes}. */
@NullMarked
package io.weir.reactive.routes;

import org.jspecify.annotations.NullMarked;
