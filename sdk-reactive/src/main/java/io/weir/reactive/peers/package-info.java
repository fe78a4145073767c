/** Keeps peers connected: what stands behind {@link io.weir.reactive.ConnectionManager} and {@link io.weir.reactive.Peer}. */
@NullMarked
package io.weir.reactive.peers;

import org.jspecify.annotations.NullMarked;
