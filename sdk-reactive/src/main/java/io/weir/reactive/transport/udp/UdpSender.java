package io.weir.reactive.transport.udp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.weir.core.path.PathAddress;
import io.weir.reactive.transport.DatagramCounter;
import io.weir.reactive.transport.UdpOptions;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a socket: copies datagrams into pooled memory, gives them to the system in batches that it cuts apart
 * where it does that for this path, else one by one, and sorts out what it has refused.
 *
 * <p>What the system does not take at once waits in user space. The socket is not writable from {@link #HIGH_WATER_BYTES} on,
 * and again below {@link #LOW_WATER_BYTES}; beyond {@link #MOST_WAITING_BYTES}, each write counted with its overhead, datagrams
 * are dropped.
 *
 * <p>Loop-confined.
 */
final class UdpSender {

    static final int LOW_WATER_BYTES = 64 << 10;
    static final int HIGH_WATER_BYTES = 256 << 10;
    static final int MOST_WAITING_BYTES = 1 << 20;

    /** Refusals that wait to be told. Those beyond are only counted: whoever sends so large goes on and is told again. */
    static final int MOST_REFUSALS = 64;

    private final ChannelHandlerContext out;
    private final UdpAddresses addresses;
    private final DatagramCounter counter;
    private final int perBatch;
    private final Runnable toldLater;

    private final SegmentLimits limits = new SegmentLimits(System::nanoTime);
    private final Deque<Refusal> refusals = new ArrayDeque<>();
    private int waitingBytes;

    /** A datagram that the system has not taken for its size. */
    record Refusal(int bytes, PathAddress to) {}

    /**
     * The sending half of a channel.
     *
     * @param perBatch so many datagrams are given to the system in one piece at most; 1 where it cannot cut
     * @param toldLater sees to it that {@link #nextRefusal} is asked, by a later task; may be called again and again
     */
    UdpSender(
            ChannelHandlerContext out,
            UdpAddresses addresses,
            DatagramCounter counter,
            int perBatch,
            Runnable toldLater) {
        this.out = out;
        this.addresses = addresses;
        this.counter = counter;
        this.perBatch = perBatch;
        this.toldLater = toldLater;
    }

    int perBatch() {
        return perBatch;
    }

    void send(byte[] array, int offset, int length, int mostSegmentBytes, PathAddress to) {
        InetSocketAddress recipient = addresses.to(to);
        int segmentBytes = Math.min(length, mostSegmentBytes);
        int batchBytes = batchBytes(length, segmentBytes, to);
        int end = offset + length;
        for (int at = offset; at < end; ) {
            int bytes = Math.min(batchBytes, end - at);
            if (waitingBytes + bytes + Outgoing.OVERHEAD_BYTES > MOST_WAITING_BYTES) {
                counter.onDropped((end - at - 1) / segmentBytes + 1);
                break;
            }
            ByteBuf copy = out.alloc().directBuffer(bytes, bytes);
            copy.writeBytes(array, at, bytes);
            write(copy, segmentBytes, recipient, to, false);
            at += bytes;
        }
        out.flush();
    }

    void onSent(Outgoing outgoing) {
        waitingBytes -= outgoing.weight();
        counter.onSent(outgoing.datagrams());
    }

    /** Never fatal: what failed was not sent, and the socket is as good as before. */
    void onFailed(Outgoing outgoing, WriteFailure why) {
        waitingBytes -= outgoing.weight();
        boolean batch = outgoing.datagrams() > 1;
        switch (why) {
            case TOO_LONG -> {
                if (batch) {
                    sendApart(outgoing, outgoing.segmentBytes());
                } else {
                    refuse(outgoing);
                }
            }
            case NOT_POSSIBLE -> {
                if (batch) {
                    sendApart(outgoing, 1);
                } else {
                    counter.onFailed(1);
                }
            }
            case OF_EARLIER_ONE -> {
                if (outgoing.again()) {
                    counter.onFailed(outgoing.datagrams());
                } else {
                    sendAgain(outgoing);
                }
            }
            case LOST, CLOSED -> counter.onFailed(outgoing.datagrams());
        }
    }

    @Nullable
    Refusal nextRefusal() {
        return refusals.poll();
    }

    /** For tests: with {@link Outgoing#OVERHEAD_BYTES} for each write. */
    int waitingBytes() {
        return waitingBytes;
    }

    /** How many bytes go in one write. */
    private int batchBytes(int length, int segmentBytes, PathAddress to) {
        if (perBatch == 1 || length <= segmentBytes || !limits.allow(to, segmentBytes)) {
            return segmentBytes;
        }
        int fit = Math.max(1, UdpOptions.MOST_DATAGRAM_BYTES / segmentBytes);
        return Math.min(perBatch, fit) * segmentBytes;
    }

    private void write(ByteBuf bytes, int segmentBytes, InetSocketAddress recipient, PathAddress to, boolean again) {
        int length = bytes.readableBytes();
        DatagramPacket packet = length > segmentBytes
                ? new SegmentedDatagramPacket(bytes, segmentBytes, recipient)
                : new DatagramPacket(bytes, recipient);
        packet.retain();
        Outgoing outgoing = new Outgoing(this, packet, to, Math.min(length, segmentBytes), again);
        waitingBytes += outgoing.weight();
        out.write(packet).addListener(outgoing);
    }

    /** A refused batch was not sent at all. */
    private void sendApart(Outgoing batch, int refusedBytes) {
        limits.refused(batch.to(), refusedBytes);
        ByteBuf bytes = batch.packet().content();
        while (bytes.isReadable()) {
            ByteBuf one = bytes.readRetainedSlice(Math.min(batch.segmentBytes(), bytes.readableBytes()));
            write(one, batch.segmentBytes(), batch.packet().recipient(), batch.to(), false);
        }
        out.flush();
    }

    private void sendAgain(Outgoing outgoing) {
        ByteBuf bytes = outgoing.packet().content().retainedSlice();
        write(bytes, outgoing.segmentBytes(), outgoing.packet().recipient(), outgoing.to(), true);
        out.flush();
    }

    private void refuse(Outgoing outgoing) {
        counter.onRefused();
        Refusal refusal = new Refusal(outgoing.bytes(), outgoing.to());
        if (refusals.size() < MOST_REFUSALS && !refusal.equals(refusals.peekLast())) {
            refusals.add(refusal);
            toldLater.run();
        }
    }
}
