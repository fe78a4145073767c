/** The operators' tests: what they do, the Reactive Streams TCK, races, and the pair of both over a wire. */
@NullMarked
package io.weir.reactive.operator;

import org.jspecify.annotations.NullMarked;
