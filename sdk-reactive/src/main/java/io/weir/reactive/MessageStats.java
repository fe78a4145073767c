package io.weir.reactive;

/**
 * What a session has in hand of messages; a weakly consistent snapshot from any thread.
 *
 * @param requestsOutstanding this side's requests that have no answer yet
 * @param requestsInFlight the peer's requests that are not answered yet
 * @param messagesWaiting the peer's one-way messages that wait for their handler, or are with it
 * @param messagesDropped the peer's one-way messages that nobody took, and those too many at once
 * @param duplicates fragments and answers that came again and were ignored
 */
public record MessageStats(
        int requestsOutstanding, int requestsInFlight, int messagesWaiting, long messagesDropped, long duplicates) {}
