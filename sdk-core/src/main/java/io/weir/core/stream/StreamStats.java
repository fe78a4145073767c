package io.weir.core.stream;

/**
 * Counters of one stream: a snapshot, taken from any thread, whose parts may be from slightly different moments.
 *
 * @param txSeq elements sent
 * @param rxSeq elements received
 * @param txBytes bytes of the payloads of those sent, which 16 for each make the cost
 * @param rxBytes bytes of the payloads of those received
 * @param inboundPending elements received that the local subscriber has not taken
 * @param lastActivityNanos when an element was last sent or received, on the session's monotonic clock
 * @param active whether the stream is open and neither half has ended
 * @param backpressureEvents how often sending had to wait for, or was refused for lack of, credit
 * @param txCreditRemaining bytes of cost that may be sent now
 * @param txWindow the peer's window as last told, in bytes of cost
 * @param creditGrantsReceived WINDOWs received that raised the limit
 * @param creditGrantsSent WINDOWs sent that raised the limit
 * @param txOpen whether this side's sending half is open: its OPEN is written and it has not ended, so that the times run
 * @param times what this side's sending half has spent its life on: who is slow. Its parts are of one moment
 */
public record StreamStats(
        long txSeq,
        long rxSeq,
        long txBytes,
        long rxBytes,
        long inboundPending,
        long lastActivityNanos,
        boolean active,
        long backpressureEvents,
        long txCreditRemaining,
        long txWindow,
        long creditGrantsReceived,
        long creditGrantsSent,
        boolean txOpen,
        SendTimes times) {}
