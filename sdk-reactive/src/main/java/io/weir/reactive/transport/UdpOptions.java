package io.weir.reactive.transport;

import io.weir.core.error.Legal;

/**
 * What sockets for datagrams are made with.
 *
 * @param receiveBufferBytes what the system is asked to keep of what has come and was not read, 65,536 to 1 GiB; default 4 MiB.
 *     What comes beyond it is lost. A system gives no more than its limit, without a word: on Linux {@code net.core.rmem_max}
 * @param sendBufferBytes what the system is asked to take of what has not gone out, 65,536 to 1 GiB; default 4 MiB. Its limit
 *     on Linux is {@code net.core.wmem_max}
 * @param maxDatagramBytes no datagram that is sent or that a peer is told to send is larger, without IP and UDP; 1,200 to
 *     65,507, default 1,472, which fits Ethernet. What a path really takes is found out below this
 * @param datagramsPerSend how many datagrams to one peer the system is given at once to cut apart, where it can do so; 1 to
 *     64, default 64. 1 uses no segmentation offload
 * @param datagramsPerTurn how many datagrams are read before the loop's other work has its turn, 1 to 4,096; default 256. At
 *     most 16 where there is no epoll: there each takes a buffer of 64 KiB until all are read
 * @param sockets how many a listener has at its port, each on an event loop of its own, 1 to 64; default 1. The system spreads those
 *     who send over them, and each session stays on the loop of the socket that its handshake came to. More than there are loops
 *     share them. Limits of a port are each socket's. One where there is no epoll
 */
public record UdpOptions(
        int receiveBufferBytes,
        int sendBufferBytes,
        int maxDatagramBytes,
        int datagramsPerSend,
        int datagramsPerTurn,
        int sockets) {

    /** The most that one UDP datagram holds over IPv4. */
    public static final int MOST_DATAGRAM_BYTES = 65_507;

    /** What every path takes. */
    private static final int LEAST_DATAGRAM_BYTES = 1_200;

    private static final int ETHERNET_BYTES = 1_472;
    private static final int LEAST_BUFFER_BYTES = 64 << 10;
    private static final int MOST_BUFFER_BYTES = 1 << 30;
    private static final int DEFAULT_BUFFER_BYTES = 4 << 20;

    /** What older Linux kernels cut apart at most. */
    private static final int MOST_PER_SEND = 64;

    private static final int MOST_PER_TURN = 4_096;
    private static final int MOST_SOCKETS = 64;
    private static final int DEFAULT_PER_TURN = 256;

    public UdpOptions {
        Legal.range("receiveBufferBytes", receiveBufferBytes, LEAST_BUFFER_BYTES, MOST_BUFFER_BYTES);
        Legal.range("sendBufferBytes", sendBufferBytes, LEAST_BUFFER_BYTES, MOST_BUFFER_BYTES);
        Legal.range("maxDatagramBytes", maxDatagramBytes, LEAST_DATAGRAM_BYTES, MOST_DATAGRAM_BYTES);
        Legal.range("datagramsPerSend", datagramsPerSend, 1, MOST_PER_SEND);
        Legal.range("datagramsPerTurn", datagramsPerTurn, 1, MOST_PER_TURN);
        Legal.range("sockets", sockets, 1, MOST_SOCKETS);
    }

    /** Buffers of 4 MiB, datagrams that fit Ethernet, offload where the system has it. */
    public static UdpOptions defaults() {
        return new UdpOptions(
                DEFAULT_BUFFER_BYTES, DEFAULT_BUFFER_BYTES, ETHERNET_BYTES, MOST_PER_SEND, DEFAULT_PER_TURN, 1);
    }

    /** These with another receive buffer. */
    public UdpOptions withReceiveBufferBytes(int bytes) {
        return new UdpOptions(bytes, sendBufferBytes, maxDatagramBytes, datagramsPerSend, datagramsPerTurn, sockets);
    }

    /** These with another send buffer. */
    public UdpOptions withSendBufferBytes(int bytes) {
        return new UdpOptions(receiveBufferBytes, bytes, maxDatagramBytes, datagramsPerSend, datagramsPerTurn, sockets);
    }

    /** These with another limit of the size of datagrams. */
    public UdpOptions withMaxDatagramBytes(int bytes) {
        return new UdpOptions(receiveBufferBytes, sendBufferBytes, bytes, datagramsPerSend, datagramsPerTurn, sockets);
    }

    /** These with so many datagrams given to the system at once. */
    public UdpOptions withDatagramsPerSend(int datagrams) {
        return new UdpOptions(
                receiveBufferBytes, sendBufferBytes, maxDatagramBytes, datagrams, datagramsPerTurn, sockets);
    }

    /** These with so many datagrams read in a turn. */
    public UdpOptions withDatagramsPerTurn(int datagrams) {
        return new UdpOptions(
                receiveBufferBytes, sendBufferBytes, maxDatagramBytes, datagramsPerSend, datagrams, sockets);
    }

    /** These with so many sockets at a listener's port. */
    public UdpOptions withSockets(int count) {
        return new UdpOptions(
                receiveBufferBytes, sendBufferBytes, maxDatagramBytes, datagramsPerSend, datagramsPerTurn, count);
    }
}
