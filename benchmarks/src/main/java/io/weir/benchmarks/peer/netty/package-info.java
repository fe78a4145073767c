/** Raw Reactor Netty TCP with a length prefix, plain and over TLS, and the TLS set-up that other peers share. */
@NullMarked
package io.weir.benchmarks.peer.netty;

import org.jspecify.annotations.NullMarked;
