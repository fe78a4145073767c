package io.weir.reactive.session.packet;

import io.weir.core.datagram.PacketSealer;
import io.weir.core.path.PathAddress;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.PacketLedger;
import org.jspecify.annotations.Nullable;

/**
 * One packet on its way out, from its filling until it is known to have arrived: what was written into it, and what it is.
 * Used again then; one that is lost is not, as it may yet be acknowledged.
 */
final class Packet {

    /** What a packet is sent for. */
    enum Kind {
        /** To carry frames; what is in it is sent again if it is lost. */
        FRAMES,
        /** To see whether the path takes one of this size. */
        MTU_PROBE,
        /** Nothing waits for it: FEEDBACK alone, or a PING to an address that is not proved. */
        QUIET
    }

    private final PacketLedger ledger = new PacketLedger();
    private Kind kind = Kind.FRAMES;
    private int bytes;
    private boolean marked;
    private boolean end;
    private @Nullable PathAddress to;
    private byte[] frames = PacketBuffers.NOTHING;
    private int framesLength;

    /** Of the frames in it. */
    PacketLedger ledger() {
        return ledger;
    }

    Kind kind() {
        return kind;
    }

    /** Bytes of its datagram. */
    int bytes() {
        return bytes;
    }

    /** Whether it goes out marked ECT(0). */
    boolean isMarked() {
        return marked;
    }

    void mark(boolean ect0) {
        marked = ect0;
    }

    /** Whether END is in it. */
    boolean hasEnd() {
        return end;
    }

    /**
     * It is filled.
     *
     * @param filled what is in it; its array is borrowed until it is sealed
     * @param address where it goes
     */
    void set(Kind what, FrameWriter filled, PathAddress address, boolean withEnd) {
        kind = what;
        frames = filled.array();
        framesLength = filled.position();
        bytes = filled.position() + PacketSealer.OVERHEAD;
        to = address;
        end = withEnd;
    }

    /** Where it goes; null before it is filled. */
    @Nullable
    PathAddress to() {
        return to;
    }

    /** Begins with the frames, before it is sealed. */
    byte[] frames() {
        return frames;
    }

    int framesLength() {
        return framesLength;
    }

    /** The array belongs to somebody else. */
    void onSealed() {
        frames = PacketBuffers.NOTHING;
    }

    /** Forgets all, for the next packet. */
    void clear() {
        ledger.clear();
        kind = Kind.FRAMES;
        marked = false;
        end = false;
        to = null;
        onSealed();
    }
}
