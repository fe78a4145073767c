package io.weir.reactive.transport;

import io.weir.core.schedule.DeficitRoundRobin;
import io.weir.core.wire.FrameWriter;

/**
 * The lane of one sending half: its DATA, in order. A flow of whoever merges lanes; a {@link Carrier} that keeps them apart
 * asks {@link #write}. Loop-confined.
 */
public abstract class HalfLane extends DeficitRoundRobin.Flow<FrameWriter> {

    /** More than any half may ever send. */
    private static final long ALL = 1L << 62;

    /** The lane of a half that has nothing to write yet. */
    protected HalfLane() {}

    /** Its {@link #weight}, for a {@link Carrier} that gives turns by itself. */
    public final int share() {
        return weight();
    }

    /**
     * Whether what comes next goes by a datagram, where the carrier has those beside its lanes: then {@link #write} wants a writer that
     * was reset for one. This may end with any {@link #write}, for good.
     */
    public boolean goesByDatagram() {
        return false;
    }

    /**
     * Writes elements as far as credit and room allow.
     *
     * @return whether there is more, for which there was no room; if not, it is said anew when there is something
     */
    public final boolean write(FrameWriter out) {
        serve(out, ALL);
        return turn() != DeficitRoundRobin.Turn.IDLE;
    }
}
