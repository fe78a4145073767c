package io.weir.core.stream;

/**
 * Counters of one stream: a snapshot, taken from any thread, whose parts may be from slightly different moments.
 *
 * @param txSeq elements sent
 * @param rxSeq elements received
 * @param inboundPending elements received that the local subscriber has not taken
 * @param lastActivityNanos when an element was last sent or received, on the session's monotonic clock
 * @param active whether the stream is open and neither half has ended
 * @param backpressureEvents how often sending had to wait for, or was refused for lack of, credit
 * @param txCreditRemaining bytes of cost that may be sent now
 * @param txWindow the peer's window as last told, in bytes of cost
 * @param creditGrantsReceived WINDOWs received that raised the limit
 * @param creditGrantsSent WINDOWs sent that raised the limit
 * @param times what this side's sending half has spent its life on: who is slow. Its parts are of one moment
 */
public record StreamStats(
        long txSeq,
        long rxSeq,
        long inboundPending,
        long lastActivityNanos,
        boolean active,
        long backpressureEvents,
        long txCreditRemaining,
        long txWindow,
        long creditGrantsReceived,
        long creditGrantsSent,
        SendTimes times) {

    /** The same counters with these times. */
    public StreamStats withTimes(SendTimes newTimes) {
        return new StreamStats(
                txSeq,
                rxSeq,
                inboundPending,
                lastActivityNanos,
                active,
                backpressureEvents,
                txCreditRemaining,
                txWindow,
                creditGrantsReceived,
                creditGrantsSent,
                newTimes);
    }
}
