/**
 * JMH benchmarks of the core's hot paths: codec, cipher, credit and fair merge. Started by {@code benchmarks/jmh}.
 */
@NullMarked
package io.weir.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
