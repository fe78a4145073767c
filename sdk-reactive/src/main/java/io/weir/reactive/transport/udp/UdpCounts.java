package io.weir.reactive.transport.udp;

/**
 * What a socket has done since it was bound, in datagrams.
 *
 * @param sent given to the system, which may lose them yet
 * @param received told to the receiver
 * @param dropped not given to the system, because too much waited for it already
 * @param refused not taken by the system for their size
 * @param failed not taken by the system for other reasons, such as no route or a firewall
 * @param unanswerable come from port 0, and not told
 */
record UdpCounts(long sent, long received, long dropped, long refused, long failed, long unanswerable) {}
