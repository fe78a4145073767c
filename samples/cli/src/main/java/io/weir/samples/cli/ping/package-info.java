/** Round trips to a peer: what they took, and how that is shown while they are made. */
@NullMarked
package io.weir.samples.cli.ping;

import org.jspecify.annotations.NullMarked;
