package io.weir.reactive;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.Target;

/**
 * A session ended and nobody knows of some payloads that it had accepted whether the peer took them.
 *
 * @param target the number of the peer
 * @param peer whose session it was
 * @param sessionId the session
 * @param accepted payloads that it had accepted in all
 * @param unconfirmed the last of these, at most so many; all those before were taken by the peer's subscriber
 */
public record RouteLoss(Target target, PeerId peer, long sessionId, long accepted, long unconfirmed) {}
