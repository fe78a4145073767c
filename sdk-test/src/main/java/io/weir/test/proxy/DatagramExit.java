package io.weir.test.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the datagrams of one direction and one client leave the proxy. Those that leave at one moment and have one size, the
 * last may have less, are given to the system in one piece where it can cut that: a call for each would be most of what a
 * datagram costs here. On the proxy's event loop.
 */
final class DatagramExit {

    private static final int MOST_SEGMENTS = 64;
    private static final int MOST_BYTES = 65_507;

    private final Supplier<@Nullable Channel> socket;
    private final InetSocketAddress recipient;
    private final DatagramTally tally;
    private final List<ByteBuf> batch = new ArrayList<>(MOST_SEGMENTS);
    private int batchBytes;
    private int segmentBytes;

    /**
     * @param socket that they leave by, asked for each piece; null if there is none any more
     * @param tally has them under way, and is told when they are not
     */
    DatagramExit(Supplier<@Nullable Channel> socket, InetSocketAddress recipient, DatagramTally tally) {
        this.socket = socket;
        this.recipient = recipient;
        this.tally = tally;
    }

    DatagramTally tally() {
        return tally;
    }

    /** Takes the buffer over. It has left by the next {@link #flush} at the latest. */
    void add(ByteBuf datagram) {
        int bytes = datagram.readableBytes();
        if (!batch.isEmpty() && !joins(bytes)) {
            write();
        }
        if (batch.isEmpty()) {
            segmentBytes = bytes;
        }
        batch.add(datagram);
        batchBytes += bytes;
    }

    /** Sends what was added. */
    void flush() {
        if (!batch.isEmpty()) {
            write();
        }
        Channel channel = socket.get();
        if (channel != null) {
            channel.flush();
        }
    }

    /** A shorter one is the last of its piece. */
    private boolean joins(int bytes) {
        return EpollDatagramChannel.isSegmentedDatagramPacketSupported()
                && segmentBytes > 0
                && bytes > 0
                && bytes <= segmentBytes
                && batchBytes == batch.size() * segmentBytes
                && batch.size() < MOST_SEGMENTS
                && batchBytes + bytes <= MOST_BYTES;
    }

    private void write() {
        int datagrams = batch.size();
        Channel channel = socket.get();
        if (channel == null || !channel.isWritable()) {
            batch.forEach(ByteBuf::release);
            tally.arrived(datagrams, false);
        } else {
            DatagramPacket packet = datagrams == 1
                    ? new DatagramPacket(batch.get(0), recipient)
                    : new SegmentedDatagramPacket(joined(channel), segmentBytes, recipient);
            channel.write(packet).addListener(done -> tally.arrived(datagrams, done.isSuccess()));
        }
        batch.clear();
        batchBytes = 0;
    }

    private ByteBuf joined(Channel channel) {
        ByteBuf joined = channel.alloc().directBuffer(batchBytes, batchBytes);
        for (ByteBuf datagram : batch) {
            joined.writeBytes(datagram);
            datagram.release();
        }
        return joined;
    }
}
