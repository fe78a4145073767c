/** Encrypted datagrams without a protocol: what a machine can do with them at most. */
@NullMarked
package io.weir.benchmarks.peer.datagram;

import org.jspecify.annotations.NullMarked;
