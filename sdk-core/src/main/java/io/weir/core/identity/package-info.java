/**
 * Who a node is: its {@link io.weir.core.identity.Identity}, kept as a Tink keyset in a file that only its owner can
 * read; the {@link io.weir.core.identity.PeerId} by which everybody else names it; and the
 * {@link io.weir.core.identity.NetworkKey} that members of a closed network share (PROTOCOL section 2).
 */
@NullMarked
package io.weir.core.identity;

import org.jspecify.annotations.NullMarked;
