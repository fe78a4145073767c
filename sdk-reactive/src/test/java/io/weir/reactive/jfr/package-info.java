@NullMarked
package io.weir.reactive.jfr;

import org.jspecify.annotations.NullMarked;
