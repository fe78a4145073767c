/**
 * Everything between a session's frames and its link of bytes: records are filled on demand and sealed; cut, opened and
 * demultiplexed. What goes into a record, and in which order, {@code SessionLanes} of the session says. The pipeline's
 * element is the record, not the payload.
 */
@NullMarked
package io.weir.reactive.session.carrier;

import org.jspecify.annotations.NullMarked;
