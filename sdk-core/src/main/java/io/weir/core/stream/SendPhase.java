package io.weir.core.stream;

/**
 * How far the life of a {@link SendHalf} has come. What is decided is the phase; whether its frame is written is told by
 * what is due ({@link ControlNode}).
 *
 * <pre>
 *          OPEN written         close()            WINDOW(consumed = final) or STOP, once CLOSE is written
 *  OPENING ------------&gt; LIVE ---------&gt; CLOSING ----------------------------------------------------------&gt; OVER
 *     |                   |               |   |                                                           ^ ^ ^
 *     |                   |               |   | reset(), once CLOSE   WINDOW(consumed = final) or STOP    | | |
 *     |                   |               |   | is written                                                | | |
 *     |                   |               |   +-----------------&gt; RECALLING ------------------------------+ | |
 *     |                   |               |                                                                 | |
 *     | reset()           | reset()       | reset()             STOP, once RESET is written                 | |
 *     +-------------------+---------------+-------------&gt; RESETTING ----------------------------------------+ |
 *                         |               |                 |                                                 |
 *                         | STOP          | STOP            | STOP                 RESET written              |
 *                         +---------------+-----------------+-----&gt; STOPPED ----------------------------------+
 * </pre>
 *
 * Until OPEN is written, close() and reset() do the same as in LIVE, and their frames follow OPEN; or the half is given up
 * then, from whatever phase, and is OVER without a frame.
 *
 * <table>
 * <caption>What each event does; a dash is nothing</caption>
 * <tr><th>phase<th>due<th>close()<th>reset()<th>STOP<th>WINDOW(consumed = final)
 * <tr><td>OPENING<td>-<td>CLOSING, CLOSE<td>RESETTING, RESET<td>cannot come<td>cannot come
 * <tr><td>LIVE<td>BLOCKED<td>CLOSING, CLOSE<td>RESETTING, RESET<td>STOPPED, RESET<td>-
 * <tr><td>CLOSING<td>CLOSE<td>-<td>RESETTING, RESET<td>STOPPED, RESET<td>-
 * <tr><td>CLOSING<td>-<td>-<td>RECALLING, RESET<td>OVER<td>OVER
 * <tr><td>RECALLING<td>RESET or -<td>-<td>-<td>OVER<td>OVER
 * <tr><td>RESETTING<td>RESET<td>-<td>-<td>STOPPED, RESET<td>-
 * <tr><td>RESETTING<td>-<td>-<td>-<td>OVER<td>-
 * <tr><td>STOPPED<td>RESET<td>-<td>-<td>-<td>-
 * <tr><td>OVER<td>NOTICE or -<td>-<td>-<td>-<td>-
 * </table>
 */
enum SendPhase {
    /** OPEN is not written. */
    OPENING,
    /** Elements may be written. */
    LIVE,
    /** Ended behind what was sent. */
    CLOSING,
    /** Ended at once after CLOSE was written: either of the peer's answers to the two confirms it. */
    RECALLING,
    /** Ended at once, before CLOSE was written if it was due. */
    RESETTING,
    /** The peer has stopped it; RESET answers that. */
    STOPPED,
    /** Confirmed. */
    OVER;

    /** Whether either side has ended the half. */
    boolean isEnded() {
        return this != OPENING && this != LIVE;
    }
}
