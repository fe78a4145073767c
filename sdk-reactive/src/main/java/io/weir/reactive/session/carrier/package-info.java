/**
 * Everything between a session's frames and a link of bytes: the handshake, then records, which are filled on demand and
 * sealed; cut and opened. What goes into a record {@code SessionLanes} of the session says. The element of both chains is the
 * record, not the payload. Beside it, for every carrier: demultiplexing.
 */
@NullMarked
package io.weir.reactive.session.carrier;

import org.jspecify.annotations.NullMarked;
