@NullMarked
package io.weir.samples.metrics;

import org.jspecify.annotations.NullMarked;
