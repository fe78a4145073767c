/**
 * Where a session meets a network, as an SPI. A {@link io.weir.reactive.transport.Transport} dials and listens, and makes of
 * each connection an {@link io.weir.reactive.transport.Association}: a peer that has proved who it is, and a
 * {@link io.weir.reactive.transport.Carrier} of frames. A {@link io.weir.reactive.transport.LinkTransport} only makes links: a
 * {@link io.weir.reactive.transport.Link} is one ordered byte stream to a peer. A
 * {@link io.weir.reactive.transport.SessionLoop} is the single thread of control on which everything about a connection
 * happens. Reference-counted buffers exist only below this package.
 */
@NullMarked
package io.weir.reactive.transport;

import org.jspecify.annotations.NullMarked;
