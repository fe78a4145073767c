package io.weir.reactive.transport.udp;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DatagramPacket;
import io.weir.core.path.PathAddress;

/** Datagrams on their way to the system, in one write. Keeps their bytes until it is known whether they have to go again. */
final class Outgoing implements ChannelFutureListener {

    /** What one occupies beside its bytes: this, Netty's packet, its promise and its place in the queue; about. */
    static final int OVERHEAD_BYTES = 256;

    private final UdpSender sender;
    private final DatagramPacket packet;
    private final PathAddress to;
    private final int bytes;
    private final int segmentBytes;
    private final boolean again;

    /**
     * Those of a packet, retained for this.
     *
     * @param segmentBytes all but the last have; where it is one, its own
     * @param again sent before, in vain
     */
    Outgoing(UdpSender sender, DatagramPacket packet, PathAddress to, int segmentBytes, boolean again) {
        this.sender = sender;
        this.packet = packet;
        this.to = to;
        bytes = packet.content().readableBytes();
        this.segmentBytes = segmentBytes;
        this.again = again;
    }

    @Override
    public void operationComplete(ChannelFuture future) {
        try {
            if (future.isSuccess()) {
                sender.onSent(this);
            } else {
                sender.onFailed(this, WriteFailure.of(future.cause()));
            }
        } finally {
            packet.release();
        }
    }

    DatagramPacket packet() {
        return packet;
    }

    PathAddress to() {
        return to;
    }

    int bytes() {
        return bytes;
    }

    int segmentBytes() {
        return segmentBytes;
    }

    int datagrams() {
        return (bytes - 1) / segmentBytes + 1;
    }

    /** What it counts for in the bound of what waits. */
    int weight() {
        return bytes + OVERHEAD_BYTES;
    }

    boolean again() {
        return again;
    }
}
