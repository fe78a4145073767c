/** Tests of the node: events, dials, admission, lifecycle. */
@NullMarked
package io.weir.reactive.node;

import org.jspecify.annotations.NullMarked;
