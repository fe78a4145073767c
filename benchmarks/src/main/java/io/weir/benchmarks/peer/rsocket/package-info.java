/** RSocket over TCP, plain and over TLS. */
@NullMarked
package io.weir.benchmarks.peer.rsocket;

import org.jspecify.annotations.NullMarked;
