package io.weir.reactive.transport.quic;

import io.weir.core.schedule.DeficitRoundRobin;
import io.weir.core.wire.FrameWriter;
import io.weir.reactive.transport.HalfLane;
import io.weir.reactive.transport.Lanes;
import org.jspecify.annotations.Nullable;

/**
 * A half that may have elements, and the stream that carries them, once there was one. At each of its turns it writes as many bytes
 * as its weight allows, until QUIC takes no more of that stream. Loop-confined.
 */
final class HalfOutput extends DeficitRoundRobin.Flow<FrameWriter> {

    /** What the carrier does for it. */
    interface Source {
        Lanes lanes();

        /** Whether there may be a stream for it now; if not, it has its turn again when there may. */
        boolean allowsStream(HalfOutput of);

        /** A stream for it, behind that; null if the connection is over. */
        @Nullable
        LaneOutput stream(HalfOutput of);

        /** Bytes that a datagram of it may have now; if 0, it has its turn again when there may be room. */
        int datagramBytes(HalfOutput of);

        /** Sends a datagram, which may be lost. */
        void datagram(byte[] frames, int length);

        /** Whether the carrier takes more in this turn of the loop, after so many bytes. */
        boolean goesOn(int bytes);
    }

    private final HalfLane half;
    private final Source source;
    private @Nullable LaneOutput stream;
    private boolean more;
    private boolean woken;
    private boolean full;
    private boolean forgotten;
    private boolean serving;

    HalfOutput(HalfLane half, Source source) {
        this.half = half;
        this.source = source;
    }

    /** The half may have elements, also where it is just being asked. */
    void wake() {
        woken = true;
    }

    /** The half has ended. Its stream does so behind what is being written. */
    void forget() {
        boolean first = !forgotten;
        forgotten = true;
        if (first && !serving) {
            finish();
        }
    }

    /** Its stream; null if it has none yet. */
    @Nullable
    LaneOutput stream() {
        return stream;
    }

    boolean isForgotten() {
        return forgotten;
    }

    private void finish() {
        LaneOutput last = stream;
        if (last != null) {
            last.finish();
        }
    }

    @Override
    protected int weight() {
        return half.share();
    }

    @Override
    protected long serve(FrameWriter out, long allowance) {
        long served = 0;
        serving = true;
        try {
            do {
                int bytes = writeOne(out);
                served += bytes;
            } while (more && !full && served < allowance);
        } finally {
            serving = false;
        }
        if (forgotten) {
            finish();
        }
        return served;
    }

    private int writeOne(FrameWriter out) {
        more = false;
        woken = false;
        full = false;
        return half.goesByDatagram() ? writeDatagram(out) : writeBlock(out);
    }

    private int writeDatagram(FrameWriter out) {
        int most = source.datagramBytes(this);
        if (most == 0) {
            return 0; // its turn comes again when there is room
        }
        Lanes lanes = source.lanes();
        out.resetDatagram(most);
        lanes.begin();
        more = lanes.half(half, out);
        int bytes = out.position();
        if (bytes == 0) {
            more &= !half.goesByDatagram(); // the next element is too large for one, and goes by the stream
            return 0;
        }
        lanes.sent(bytes);
        source.datagram(out.array(), bytes);
        full = !source.goesOn(bytes);
        return bytes;
    }

    private int writeBlock(FrameWriter out) {
        LaneOutput to = stream;
        if (to == null ? !source.allowsStream(this) : !to.isFree()) {
            return 0; // its turn comes again when that is over
        }
        Lanes lanes = source.lanes();
        out.reset();
        lanes.begin();
        more = lanes.half(half, out);
        if (out.isEmpty()) {
            more = false;
            return 0;
        }
        int bytes = out.position();
        lanes.sent(bytes);
        if (to == null) {
            to = source.stream(this); // not before: the peer would see one with nothing in it
            stream = to;
        }
        if (to != null) {
            to.write(out.array(), 0, bytes);
        }
        full = !source.goesOn(bytes);
        more &= to != null && to.isFree();
        return bytes;
    }

    @Override
    protected DeficitRoundRobin.Turn turn() {
        if (full) {
            return DeficitRoundRobin.Turn.SINK_FULL;
        }
        if (half.goesByDatagram()) {
            // without room it is activated when there may be some
            boolean further = (more || woken) && !forgotten;
            return further ? DeficitRoundRobin.Turn.SPENT : DeficitRoundRobin.Turn.IDLE;
        }
        LaneOutput to = stream;
        // without a stream, or while that is not free, it is activated when that is over
        boolean goesOn = (more || woken) && to != null && to.isFree() && !forgotten;
        return goesOn ? DeficitRoundRobin.Turn.SPENT : DeficitRoundRobin.Turn.IDLE;
    }
}
