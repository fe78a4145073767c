/** Runs the sample with the trace id. */
@NullMarked
package io.weir.samples.tracing;

import org.jspecify.annotations.NullMarked;
