/** What a node does under load, beside its speed: many sessions, more than it can do, peers that come and go. */
@NullMarked
package io.weir.benchmarks.load;

import org.jspecify.annotations.NullMarked;
