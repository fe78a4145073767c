/**
 * What a session needs from a network, as an SPI: a transport dials and listens, a
 * {@link io.weir.reactive.transport.Link} is one ordered byte stream to a peer, and a
 * {@link io.weir.reactive.transport.SessionLoop} is the single thread of control on which everything about a link
 * happens. Reference-counted buffers exist only below this package.
 */
@NullMarked
package io.weir.reactive.transport;

import org.jspecify.annotations.NullMarked;
