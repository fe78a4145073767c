/** Runs the quickstart. */
@NullMarked
package io.weir.samples.quickstart;

import org.jspecify.annotations.NullMarked;
