/**
 * A network of nodes inside one thread, in virtual time, whose every delay and fault follows from one seed: the same seed
 * gives the same run, byte for byte. {@link io.weir.test.network.SimulatedNetwork} is the way in.
 */
@NullMarked
package io.weir.test.network;

import org.jspecify.annotations.NullMarked;
