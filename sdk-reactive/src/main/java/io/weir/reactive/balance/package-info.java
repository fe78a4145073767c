/**
 * Calls that are spread over several peers: what stands behind {@link io.weir.reactive.PeerGroup}. Who belongs to a group and who
 * is left out is settled on a loop of the group; a call looks at what was settled last, and counts itself.
 */
@NullMarked
package io.weir.reactive.balance;

import org.jspecify.annotations.NullMarked;
