/**
 * What every run must keep to, whatever the network did to it: checks that throw an {@link java.lang.AssertionError} which
 * names what was broken. {@link io.weir.test.oracle.Delivery} watches the elements of one direction of a stream, {@link
 * io.weir.test.oracle.CreditOracle} its credit, {@link io.weir.test.oracle.NodeOracle} a node's events and memory and what
 * it leaves behind.
 */
@NullMarked
package io.weir.test.oracle;

import org.jspecify.annotations.NullMarked;
