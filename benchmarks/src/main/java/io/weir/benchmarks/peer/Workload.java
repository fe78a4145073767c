package io.weir.benchmarks.peer;

/**
 * One thing to measure, named by its id in options, tables and targets.
 *
 * <p>Streams are the only kind so far. A request/reply workload (one in flight, 256 in flight) becomes a second
 * permitted record with its own pair of methods in {@link Peer}; its latency histogram travels as further fields of
 * the measuring process's sample.
 */
public sealed interface Workload permits StreamWorkload {
    /** Short unique name, for example {@code S-64}. */
    String id();

    /** What is measured, in words. */
    String title();

    /** Payload length of an element in bytes. */
    int payloadBytes();
}
