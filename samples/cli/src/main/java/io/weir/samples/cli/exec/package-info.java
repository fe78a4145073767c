/** Answers requests by running a command: one process for each, with bounds on their number, output and time. */
@NullMarked
package io.weir.samples.cli.exec;

import org.jspecify.annotations.NullMarked;
