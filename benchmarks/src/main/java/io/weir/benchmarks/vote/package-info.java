/** Workload V: votes without a session, beside a raw UDP echo of the same sizes. */
@NullMarked
package io.weir.benchmarks.vote;

import org.jspecify.annotations.NullMarked;
