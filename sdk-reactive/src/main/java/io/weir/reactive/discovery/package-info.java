/** Ways to find peers: {@link io.weir.reactive.discovery.Discovery} has a fixed set and DNS. */
@NullMarked
package io.weir.reactive.discovery;

import org.jspecify.annotations.NullMarked;
