/** Votes on the integrity of what nodes hold: the service that answers them, and what many of them come to. */
@NullMarked
package io.weir.reactive.integrity;

import org.jspecify.annotations.NullMarked;
