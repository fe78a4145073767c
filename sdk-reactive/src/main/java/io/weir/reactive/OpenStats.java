package io.weir.reactive;

/**
 * How a session's streams come to be opened; a weakly consistent snapshot from any thread.
 *
 * @param open this side's halves that are open
 * @param waiting this side's halves that are to be opened: in the next record, or when the peer allows it
 * @param timedOut those that ended with STREAM_LIMIT so far, because the peer did not allow them within
 *     {@link NodeLimits#openTimeout()}
 * @param peers halves that the peer has opened and that are not over, of the {@link NodeLimits#maxStreams()} that it may
 * @param unclaimed streams of the peer that nobody here has accepted or refused yet
 */
public record OpenStats(int open, int waiting, long timedOut, int peers, int unclaimed) {}
