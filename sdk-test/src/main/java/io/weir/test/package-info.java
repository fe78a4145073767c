/**
 * For tests of programs on Weir: nodes that are connected and run in the test's own thread. {@link
 * io.weir.test.TestNodes} is the way in; {@link io.weir.test.probe.StreamProbe} shows what a stream does, {@code
 * io.weir.test.assertj.WeirAssertions} checks how things end, and {@link io.weir.test.network.SimulatedNetwork} lies under
 * all of it.
 */
@NullMarked
package io.weir.test;

import org.jspecify.annotations.NullMarked;
