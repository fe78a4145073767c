/** The node: listeners, dials, sessions and events joined behind {@link io.weir.reactive.PeerNode}. */
@NullMarked
package io.weir.reactive.node;

import org.jspecify.annotations.NullMarked;
