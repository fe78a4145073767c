/** Whoever observes a node: called together, and kept from harming it. */
@NullMarked
package io.weir.reactive.observer;

import org.jspecify.annotations.NullMarked;
