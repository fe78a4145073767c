/** Paths over a simulated bottleneck, in virtual time: whole senders and receivers, with what the sending side learns. */
@NullMarked
package io.weir.core.path.simulation;

import org.jspecify.annotations.NullMarked;
