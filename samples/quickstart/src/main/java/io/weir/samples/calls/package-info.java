/** One small program for each call, and for what goes along with it. */
@NullMarked
package io.weir.samples.calls;

import org.jspecify.annotations.NullMarked;
