package io.weir.core.path.simulation;

/** A packet on its way. */
final class Packet {
    final long number;
    final int bytes;
    /** Marked Congestion Experienced. */
    boolean marked;

    Packet(long number, int bytes) {
        this.number = number;
        this.bytes = bytes;
    }
}
