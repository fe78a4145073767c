/**
 * Streams: their names, configuration and counters, the elements they hold, and the machines that run their halves
 * through the rules of PROTOCOL section 4.
 */
@NullMarked
package io.weir.core.stream;

import org.jspecify.annotations.NullMarked;
