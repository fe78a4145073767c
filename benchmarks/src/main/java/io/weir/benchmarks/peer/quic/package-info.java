/** Netty's QUIC, by quiche and BoringSSL. */
@NullMarked
package io.weir.benchmarks.peer.quic;

import org.jspecify.annotations.NullMarked;
