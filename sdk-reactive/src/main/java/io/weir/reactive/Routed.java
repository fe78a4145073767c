package io.weir.reactive;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.Target;
import java.nio.ByteBuffer;

/**
 * A payload that came by a route.
 *
 * @param payload read-only; it may be kept
 */
public record Routed(Target target, PeerId peer, ByteBuffer payload) {}
