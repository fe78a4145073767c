/** What a flight recording of one side says, as short text. */
@NullMarked
package io.weir.benchmarks.profile;

import org.jspecify.annotations.NullMarked;
