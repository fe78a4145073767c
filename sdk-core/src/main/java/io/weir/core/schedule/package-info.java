/**
 * Whose turn it is: fair sharing of one link among the streams that have something to send, in proportion to their
 * weights.
 */
@NullMarked
package io.weir.core.schedule;

import org.jspecify.annotations.NullMarked;
