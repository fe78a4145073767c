/** What one process measures about itself, how two samples become a window, and the statistics over windows. */
@NullMarked
package io.weir.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
