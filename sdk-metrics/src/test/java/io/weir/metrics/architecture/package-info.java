@NullMarked
package io.weir.metrics.architecture;

import org.jspecify.annotations.NullMarked;
