/** Aeron over UDP: reliable and ordered, not encrypted. */
@NullMarked
package io.weir.benchmarks.peer.aeron;

import org.jspecify.annotations.NullMarked;
