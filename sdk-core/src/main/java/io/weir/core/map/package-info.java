/** A map over numbers that a peer may have chosen. */
@NullMarked
package io.weir.core.map;

import org.jspecify.annotations.NullMarked;
