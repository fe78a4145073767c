/**
 * The node: listeners, dials, sessions and events joined behind {@link io.weir.reactive.PeerNode}. {@code Contest} decides which
 * of several connections becomes the one session with a peer.
 */
@NullMarked
package io.weir.reactive.node;

import org.jspecify.annotations.NullMarked;
