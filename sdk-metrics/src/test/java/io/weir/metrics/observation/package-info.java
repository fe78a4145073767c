@NullMarked
package io.weir.metrics.observation;

import org.jspecify.annotations.NullMarked;
