package io.weir.reactive.transport.packets;

import io.weir.core.wire.FrameOrder;
import io.weir.reactive.transport.Carrier;
import io.weir.reactive.transport.FrameSink;
import io.weir.reactive.transport.HalfLane;
import io.weir.reactive.transport.Lanes;
import io.weir.reactive.transport.Path;
import io.weir.reactive.transport.SessionLoop;
import io.weir.reactive.transport.lanes.Delays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A carrier of order NONE on top of one of order TOTAL: it merges the lanes of a session into small packets, loses some, holds
 * others back, and lets the carrier below have the rest in an order that chance decides. The other end says which have
 * come; what it says may be lost too. Loop-confined.
 *
 * <pre>
 *   Lanes --&gt; PacketSource, packets and their ledgers --&gt; carrier below --&gt; PacketSplitter --&gt; FrameSink
 *                     ^                                                          |
 *                     +---------------- what has come ---------------------------+
 * </pre>
 */
final class LossyCarrier implements Carrier {

    private final Carrier below;
    private final Delays delays;
    private final SplittableRandom random;
    private @Nullable PacketSource source;

    LossyCarrier(Carrier below, Delays delays, long seed) {
        this.below = below;
        this.delays = delays;
        this.random = new SplittableRandom(seed);
    }

    @Override
    public FrameOrder order() {
        return FrameOrder.NONE;
    }

    @Override
    public SessionLoop loop() {
        return below.loop();
    }

    @Override
    public Path path() {
        return new Path(below.path().roundTripNanos(), PacketSource.PACKET_BYTES);
    }

    @Override
    public boolean takesMore() {
        PacketSource packets = source;
        return packets != null && packets.hasRoom() && below.takesMore();
    }

    @Override
    public boolean isBlocked() {
        return below.isBlocked();
    }

    @Override
    public long blockedNanos(long nowNanos) {
        return below.blockedNanos(nowNanos);
    }

    @Override
    public long stalledNanos(long nowNanos) {
        return below.stalledNanos(nowNanos);
    }

    @Override
    public void start(Lanes lanes, FrameSink sink) {
        PacketSource packets = new PacketSource(lanes, sink, below, delays, random);
        source = packets;
        below.start(packets, new PacketSplitter(sink, packets));
    }

    @Override
    public void wake() {
        PacketSource packets = source;
        if (packets != null) {
            packets.onWoken();
        }
        below.wake();
    }

    @Override
    public void wake(HalfLane half) {
        PacketSource packets = source;
        if (packets != null) {
            packets.onWoken(half);
        }
        below.wake();
    }

    @Override
    public void forget(HalfLane half) {
        PacketSource packets = source;
        if (packets != null) {
            packets.forget(half);
        }
    }

    @Override
    public void trim() {
        below.trim();
    }

    @Override
    public void close() {
        PacketSource packets = source;
        if (packets != null) {
            packets.close();
        }
        below.close();
    }
}
