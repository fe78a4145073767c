/** Connections of TCP that are carried over streams, with their backpressure and the ends of both directions. */
@NullMarked
package io.weir.samples.cli.forward;

import org.jspecify.annotations.NullMarked;
