/**
 * What a node knows about peers before and beside the protocol: how their addresses are written
 * ({@link io.weir.core.peer.PeerAddress}), in which order those of a name are tried
 * ({@link io.weir.core.peer.AddressRace}), whether a peer that says nothing still lives
 * ({@link io.weir.core.peer.Liveness}) and how far away it is ({@link io.weir.core.peer.RttEstimator}), which of two
 * sessions with one peer stays ({@link io.weir.core.peer.SessionContest}), and how one that is wanted is kept connected
 * ({@link io.weir.core.peer.ConnectionPolicy}, {@link io.weir.core.peer.ConnectionKeeper}).
 */
@NullMarked
package io.weir.core.peer;

import org.jspecify.annotations.NullMarked;
