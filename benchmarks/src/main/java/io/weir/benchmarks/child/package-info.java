/** The process that runs one side of one peer, the lines it speaks with the harness, and the registry of peers. */
@NullMarked
package io.weir.benchmarks.child;

import org.jspecify.annotations.NullMarked;
