package io.weir.reactive;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.Target;
import java.nio.ByteBuffer;

/**
 * A payload that came by a route.
 *
 * @param target the number of the peer that sent it
 * @param peer who that is
 * @param payload read-only; it may be kept
 */
public record Routed(Target target, PeerId peer, ByteBuffer payload) {}
