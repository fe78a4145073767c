/** Handshakes over datagrams, and ports, in the simulated network. */
@NullMarked
package io.weir.test.datagram;

import org.jspecify.annotations.NullMarked;
