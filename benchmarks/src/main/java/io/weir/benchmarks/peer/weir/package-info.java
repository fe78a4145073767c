/** Weir itself, through its public API. */
@NullMarked
package io.weir.benchmarks.peer.weir;

import org.jspecify.annotations.NullMarked;
