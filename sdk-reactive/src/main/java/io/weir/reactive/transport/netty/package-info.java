/** Netty's event loops, for the transports that stand on them. */
@NullMarked
package io.weir.reactive.transport.netty;

import org.jspecify.annotations.NullMarked;
