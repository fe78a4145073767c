/** Runs the tool's commands in this process, over TCP on the loopback, as a user's shell would. */
@NullMarked
package io.weir.samples.cli;

import org.jspecify.annotations.NullMarked;
