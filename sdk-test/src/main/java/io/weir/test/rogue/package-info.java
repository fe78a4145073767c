/**
 * Peers that cheat: they do a genuine handshake, and then say and withhold whatever a test wants, over real TCP or on a
 * simulated network. Start with {@link io.weir.test.rogue.RoguePeer}, for datagrams with
 * {@link io.weir.test.rogue.RogueDatagramPeer}.
 */
@NullMarked
package io.weir.test.rogue;

import org.jspecify.annotations.NullMarked;
