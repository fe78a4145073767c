package io.weir.benchmarks.peer;

/** Where a client reports what it receives. */
public interface Reception {
    /** The counter of stream {@code index}, 0-based; each is written by one thread only. */
    ElementCounter counter(int index);

    /** What every subscriber passes before it asks for more. */
    Gate gate();

    /** A stream ended, which an endless one never should. Any thread; the run fails with this as its reason. */
    void failed(Throwable reason);
}
