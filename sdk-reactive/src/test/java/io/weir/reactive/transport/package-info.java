/** The contract that every transport passes, and tests of what transports share. */
@NullMarked
package io.weir.reactive.transport;

import org.jspecify.annotations.NullMarked;
