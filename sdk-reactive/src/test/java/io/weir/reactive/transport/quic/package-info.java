/** QUIC over loopback. */
@NullMarked
package io.weir.reactive.transport.quic;

import org.jspecify.annotations.NullMarked;
