package io.weir.benchmarks.peer;

/** Where a client reports the replies to its requests. */
public interface Replies {
    /** What counts and times them; written by one thread only. */
    ReplyRecorder recorder();

    /** What every request passes before it is asked. */
    Gate gate();

    /** A request stayed without its reply. Any thread; the run fails with this as its reason. */
    void failed(Throwable reason);
}
