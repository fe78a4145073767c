/** The samples say what they promise. */
@NullMarked
package io.weir.samples.nodes;

import org.jspecify.annotations.NullMarked;
