/** The harness: options, the processes of each cell, and the command {@code benchmarks/run}. */
@NullMarked
package io.weir.benchmarks.run;

import org.jspecify.annotations.NullMarked;
