package io.weir.core.path;

/**
 * What a path is like: a snapshot of one moment. Over QUIC it is what QUIC's own library counts.
 *
 * @param smoothedRttNanos the smoothed round-trip time; 333 ms before the first sample
 * @param minRttNanos the least sample; over QUIC the least smoothed one that somebody has looked at
 * @param congestionWindowBytes how much may be in flight
 * @param bytesInFlight how much is; 0 over QUIC, whose library does not tell
 * @param sentPackets packets sent that the peer has to acknowledge, probes of the MTU included; this and the next two since the
 *     session began, over all addresses that its peer has had
 * @param lostPackets of those, how many were taken to be lost; some may have arrived later
 * @param retransmittedPackets packets with something in them that went out again, since they were taken to be lost, or since
 *     nothing was acknowledged for too long and that was to find out why: then they may not be among the lost ones
 * @param datagramBytes size of datagrams, without IP and UDP
 * @param pacingBytesPerSecond how fast they may be sent; over QUIC, which sends in bursts, a congestion window in each round trip
 */
public record PathStats(
        long smoothedRttNanos,
        long minRttNanos,
        long congestionWindowBytes,
        long bytesInFlight,
        long sentPackets,
        long lostPackets,
        long retransmittedPackets,
        int datagramBytes,
        long pacingBytesPerSecond) {}
