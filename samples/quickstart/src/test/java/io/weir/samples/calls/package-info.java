/** Runs the samples of calls. */
@NullMarked
package io.weir.samples.calls;

import org.jspecify.annotations.NullMarked;
