/** How a publisher is ended from outside. */
@NullMarked
package io.weir.reactive.ending;

import org.jspecify.annotations.NullMarked;
