package io.weir.benchmarks.peer;

import java.util.List;

/**
 * A library or transport under measurement. Server and client live in separate processes, each of which makes its own
 * instance; all calls come from that process's main thread and may block for at most {@link #SETUP_SECONDS}.
 *
 * <p>So that figures compare: elements come from {@link Elements#flux}, the receiver is a {@link BoundedReceiver} for
 * each stream, requests are {@link Requests#payload} and are asked anew by a {@link RequestSlot} or at the same moment,
 * TCP peers leave socket options and event loops at Reactor Netty's defaults unless their documentation says otherwise,
 * and servers bind 127.0.0.1, port 0.
 */
public interface Peer {
    /** How long binding or connecting may take. */
    int SETUP_SECONDS = 20;

    /** Short unique name, for example {@code rsocket-tls}. */
    String id();

    /** One line for the report: what it is and how it is set up. */
    String description();

    /** Share of a processor that its two processes may use while they ask for nothing: more would be taken from others. */
    default double mostIdleShare() {
        return 0.05;
    }

    /** What the virtual machines of its processes want beside what all get. */
    default List<String> jvmOptions() {
        return List.of();
    }

    /** Whether there is something to measure in this peer under that workload; of requests, only in a {@link RequestPeer}. */
    default boolean runs(Workload workload) {
        return workload instanceof StreamWorkload;
    }

    /** Starts the sending side. Streams are produced once a client asks for them. */
    Server serve(StreamWorkload workload);

    /**
     * On the receiving or requesting side, before the first connection: what an application does once, at its start. Not in
     * the time of a cold start.
     */
    default void prepare() {}

    /** Connects, opens every stream of the workload and subscribes to each with bounded demand. */
    Client receive(String address, StreamWorkload workload, Reception reception);

    /** The sending or answering side, bound. It lives until its process ends. */
    interface Server {
        /** What {@link #receive} or {@link RequestPeer#request} in the other process needs to reach it, without white space. */
        String address();
    }

    /** The receiving or requesting side, connected. It lives until its process ends. */
    interface Client {
        /** What was negotiated, for the report; empty where there is nothing to tell. */
        String detail();
    }
}
