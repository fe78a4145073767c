package io.weir.core.stream;

/**
 * How far the life of a {@link ReceiveHalf} has come, from OPEN to the confirmed end.
 *
 * <pre>
 *            OPEN of the peer          CLOSE            all has come             all consumed: WINDOW(consumed = final)
 *  AWAITING -----------------&gt; LIVE ----------&gt; CLOSING -----------&gt; DRAINING -------------------------&gt; ENDED
 *     | |                       |  |               |                    |     stop(): STOP; RESET: STOP          ^ ^ ^
 *     | |                       |  |               +--------------------+----------------------------------------+ | |
 *     | |                       |  |     RESET: STOP                                                               | |
 *     | | STOP that refuses     |  +-------------------------------------------------------------------------------+ |
 *     | +-----------------------|------------------------------------------------------------------------------------+
 *     | stop()                  | stop(): STOP                                                                       |
 *     |                         v                   CLOSE or RESET of the peer, STOP that refuses                    |
 *     +-------------------&gt; STOPPED ---------------------------------------------------------------------------------+
 *        (STOP when OPEN comes)   (DATA up to the last limit is absorbed)
 * </pre>
 *
 * On an ordered link all has come when CLOSE comes: CLOSING does not last.
 *
 * <table>
 * <caption>What each event does; a dash is nothing, a cross ends the session, a circle does so on an ordered link, and
 * elsewhere DATA up to the end or the last limit is absorbed</caption>
 * <tr><th>phase<th>may be due<th>OPEN<th>DATA<th>CLOSE<th>RESET<th>STOP that refuses<th>stop()<th>all consumed
 * <tr><td>AWAITING<td>-<td>LIVE<td>x<td>x<td>x<td>ENDED<td>STOPPED<td>-
 * <tr><td>LIVE<td>WINDOW<td>x<td>taken<td>CLOSING<td>ENDED, STOP<td>-<td>STOPPED, STOP<td>-
 * <tr><td>CLOSING<td>WINDOW<td>x<td>taken; the last: DRAINING<td>x<td>ENDED, STOP<td>-<td>ENDED, STOP, NOTICE<td>-
 * <tr><td>DRAINING<td>WINDOW<td>x<td>x<td>x<td>ENDED, STOP<td>-<td>ENDED, STOP, NOTICE<td>ENDED, WINDOW
 * <tr><td>STOPPED before OPEN<td>-<td>STOP<td>x<td>x<td>x<td>ENDED<td>-<td>-<td>-
 * <tr><td>STOPPED<td>STOP<td>x<td>absorbed<td>ENDED<td>ENDED<td>-<td>-<td>-
 * <tr><td>ENDED<td>WINDOW, STOP, NOTICE<td>x<td>o<td>x<td>-<td>-<td>-<td>-
 * </table>
 */
enum ReceivePhase {
    /** OPEN has not come. */
    AWAITING,
    /** Elements are taken. */
    LIVE,
    /** CLOSE has come, and not all DATA that was sent before it. */
    CLOSING,
    /** CLOSE and all before it has come, and elements are still to be consumed. */
    DRAINING,
    /** This side has ended it; the peer has not answered. */
    STOPPED,
    /** Confirmed. */
    ENDED;

    /** Whether DATA is taken. */
    boolean takesData() {
        return this == LIVE || this == CLOSING;
    }

    /** Whether no element will be delivered any more. */
    boolean isOver() {
        return this == STOPPED || this == ENDED;
    }
}
