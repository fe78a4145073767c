/**
 * For tests of programs on Weir: nodes that are connected and run in the test's own thread. {@link
 * io.weir.test.TestNodes} is the way in, {@link io.weir.test.network.SimulatedNetwork} lies under it.
 */
@NullMarked
package io.weir.test;

import org.jspecify.annotations.NullMarked;
