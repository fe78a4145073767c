/** Calls that wait for a session: what a peer across its sessions and a group of peers have in common. */
@NullMarked
package io.weir.reactive.calls;

import org.jspecify.annotations.NullMarked;
