package io.weir.reactive.transport;

import io.weir.core.datagram.Drop;
import io.weir.core.error.ErrorCode;

/**
 * Where a transport that has datagrams, and handshakes over them, for itself counts what it has done with them, as QUIC does: for one node, all
 * its sockets together. What a connection comes to is not counted here, but from its beginning to its end by whoever is told of it. Any thread.
 */
public interface PortTally {

    /** Counts nothing. */
    PortTally NONE = new PortTally() {};

    /** So many datagrams were given to the system. */
    default void sent(long datagrams) {}

    /** So many were taken from it, whatever they were. */
    default void received(long datagrams) {}

    /** So many were not taken by the system for their size. */
    default void refused(long datagrams) {}

    /** So many were not taken by the system for other reasons. */
    default void failed(long datagrams) {}

    /** One came from port 0, to which nothing can be sent; it is not received. */
    default void unanswerable() {}

    /** One that was received is dropped. */
    default void dropped(Drop reason) {}

    /** A first message of a handshake was answered with the question whether its address is true. */
    default void retried() {}

    /** A first message of a handshake was answered with the reason why it leads to nothing; there is no connection. */
    default void rejected(ErrorCode reason) {}
}
