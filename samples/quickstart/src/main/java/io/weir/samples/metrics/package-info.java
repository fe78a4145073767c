/** Two nodes with meters, and where each second of a stream goes. */
@NullMarked
package io.weir.samples.metrics;

import org.jspecify.annotations.NullMarked;
