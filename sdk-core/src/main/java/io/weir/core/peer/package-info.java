/**
 * What a node knows about peers before and beside the protocol: how their addresses are written
 * ({@link io.weir.core.peer.PeerAddress}) and whether a peer that says nothing still lives
 * ({@link io.weir.core.peer.Liveness}).
 */
@NullMarked
package io.weir.core.peer;

import org.jspecify.annotations.NullMarked;
