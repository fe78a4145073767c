/**
 * Everything between a session's frames and its link of bytes: fair merge, seal; cut, open, demultiplex. The pipeline's
 * element is the record, not the payload.
 */
@NullMarked
package io.weir.reactive.session.carrier;

import org.jspecify.annotations.NullMarked;
