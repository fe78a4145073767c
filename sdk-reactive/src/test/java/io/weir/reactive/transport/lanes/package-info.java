/** A carrier of order PER_HALF, for tests: each lane is delayed at random against the others. */
@NullMarked
package io.weir.reactive.transport.lanes;

import org.jspecify.annotations.NullMarked;
