/** Shows on standard error how far a transfer is: a bar on a terminal, plain lines elsewhere. */
@NullMarked
package io.weir.samples.cli.progress;

import org.jspecify.annotations.NullMarked;
