/** What a node of Weir does, as meters and observations of Micrometer. */
@NullMarked
package io.weir.metrics;

import org.jspecify.annotations.NullMarked;
