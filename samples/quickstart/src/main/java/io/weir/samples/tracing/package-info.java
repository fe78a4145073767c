/** One trace id through three nodes, carried by an interceptor. */
@NullMarked
package io.weir.samples.tracing;

import org.jspecify.annotations.NullMarked;
