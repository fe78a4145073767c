/** Peers that are kept connected: where each is at, and how that is shown while it changes. */
@NullMarked
package io.weir.samples.cli.peers;

import org.jspecify.annotations.NullMarked;
