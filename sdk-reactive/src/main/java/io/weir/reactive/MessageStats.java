package io.weir.reactive;

/**
 * What a session has in hand of messages, and has had; a weakly consistent snapshot from any thread.
 *
 * @param requestsOutstanding this side's requests that have no answer yet
 * @param requestsInFlight the peer's requests that are not answered yet
 * @param messagesWaiting the peer's one-way messages that wait for their handler, or are with it
 * @param messagesDropped the peer's one-way messages that nobody took, and those too many at once
 * @param duplicates fragments and answers that came again and were ignored
 * @param requestsReplied this side's requests that a reply has come to
 * @param requestsFailed this side's requests that no reply comes to: refused, failed, given up, too late
 * @param requestsHandled the peer's requests that a handler has taken and that are answered, or given up; together with the
 *     last two as often as {@link NodeObserver#onAnswered} and {@link NodeObserver#onAsked} are told
 */
public record MessageStats(
        int requestsOutstanding,
        int requestsInFlight,
        int messagesWaiting,
        long messagesDropped,
        long duplicates,
        long requestsReplied,
        long requestsFailed,
        long requestsHandled) {}
