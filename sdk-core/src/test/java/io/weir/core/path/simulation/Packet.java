package io.weir.core.path.simulation;

/** A packet on its way. */
final class Packet {
    final long number;
    final int bytes;
    /** Marked ECT(0) when it was sent. */
    final boolean ect;
    /** Marked Congestion Experienced on its way. */
    boolean ce;

    Packet(long number, int bytes, boolean ect) {
        this.number = number;
        this.bytes = bytes;
        this.ect = ect;
    }
}
