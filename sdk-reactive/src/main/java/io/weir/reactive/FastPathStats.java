package io.weir.reactive;

/**
 * What the fast path of a node has done since its beginning. Each question that was received is answered, or counted in {@link
 * PeerNode#droppedDatagrams} by one of UNKNOWN_COMMAND, TOO_MANY_QUESTIONS, OVERLOADED, UNANSWERED, HANDLER_FAILED and, where a
 * listener has closed meanwhile, NOT_LISTENING; or it waits for its turn, or its worker, still.
 *
 * @param received questions of a length that one can have, to ports that listened
 * @param answered answers that were given to the system
 */
public record FastPathStats(long received, long answered) {}
