/**
 * What a benchmark peer is and what every peer shares: the workloads, the production of elements, the receiver with
 * bounded demand and its counters. A new transport or library joins by implementing {@link
 * io.weir.benchmarks.peer.Peer} and adding a line to the registry in {@code io.weir.benchmarks.child}.
 */
@NullMarked
package io.weir.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
