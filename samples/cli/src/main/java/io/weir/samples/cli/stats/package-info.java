/** What a node has done, told to another that may know. */
@NullMarked
package io.weir.samples.cli.stats;

import org.jspecify.annotations.NullMarked;
