/**
 * What passes through streams and what is asked for. {@link io.weir.test.probe.StreamProbe} is the way in; {@link
 * io.weir.test.probe.FluxProbe} watches any {@code Flux}.
 */
@NullMarked
package io.weir.test.probe;

import org.jspecify.annotations.NullMarked;
