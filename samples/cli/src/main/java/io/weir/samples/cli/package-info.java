/**
 * The tool {@code weir}: one class for each command, and what they share. Files travel in {@code file}, progress is
 * shown by {@code progress}.
 */
@NullMarked
package io.weir.samples.cli;

import org.jspecify.annotations.NullMarked;
