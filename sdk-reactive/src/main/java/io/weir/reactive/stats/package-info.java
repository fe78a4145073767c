/** Counters of a node, and samples of them. */
@NullMarked
package io.weir.reactive.stats;

import org.jspecify.annotations.NullMarked;
