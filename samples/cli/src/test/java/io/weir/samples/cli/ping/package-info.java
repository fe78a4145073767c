/** Tests of the figures of round trips and of their display. */
@NullMarked
package io.weir.samples.cli.ping;

import org.jspecify.annotations.NullMarked;
