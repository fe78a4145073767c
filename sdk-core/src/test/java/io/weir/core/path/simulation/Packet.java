package io.weir.core.path.simulation;

/** A packet on its way, and what its sender thinks of it. */
final class Packet {
    final long number;
    final int bytes;
    final long sentNanos;
    boolean marked;
    boolean lost;
    boolean acked;

    Packet(long number, int bytes, long sentNanos) {
        this.number = number;
        this.bytes = bytes;
        this.sentNanos = sentNanos;
    }
}
