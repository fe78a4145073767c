package io.weir.core.datagram;

/**
 * How long the fast path may work in a turn of its loop: a quarter of the turn where datagrams of sessions have come in it, so a third
 * of what they took; all that there is to do where none has, as nobody waits then, but no longer than {@link #LONGEST_NANOS}. What it
 * leaves waits for the next turn, and where no datagram brings one, for as long as the others' share lasts.
 *
 * <p>Whatever the share, each turn answers one: who is answered slowly is not starved. A decision, without state.
 */
public final class TurnShare {

    /** In one turn, so that timers and what other threads ask of the loop wait no longer. */
    static final long LONGEST_NANOS = 1_000_000;

    private static final int OTHERS_PARTS = 3;

    private TurnShare() {}

    /**
     * What the fast path may take.
     *
     * @param sessionsCame whether anything of a session or a handshake has come in the turn
     * @param othersNanos what the turn has taken before the fast path's part, 0 or more
     */
    public static long nanos(boolean sessionsCame, long othersNanos) {
        return sessionsCame ? Math.min(LONGEST_NANOS, othersNanos / OTHERS_PARTS) : LONGEST_NANOS;
    }

    /** When the next turn begins, at the latest, for what is left: how long after one that took {@code usedNanos}. */
    public static long pauseNanos(boolean sessionsCame, long usedNanos) {
        return sessionsCame ? OTHERS_PARTS * Math.max(1, usedNanos) : 0;
    }
}
