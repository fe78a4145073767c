package io.weir.reactive.transport.lanes;

import io.weir.core.wire.FrameOrder;
import io.weir.reactive.transport.Carrier;
import io.weir.reactive.transport.FrameSink;
import io.weir.reactive.transport.HalfLane;
import io.weir.reactive.transport.Lanes;
import io.weir.reactive.transport.Path;
import io.weir.reactive.transport.SessionLoop;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A carrier of order PER_HALF on top of one of order TOTAL: it asks a session lane by lane, keeps what each has said in a
 * queue of its own, and lets the carrier below have it in an order that chance decides. At the other end it takes the frames
 * apart again, and hands over each in its lane. Loop-confined.
 *
 * <pre>
 *   Lanes --&gt; ShuffledLanes, a queue for each lane --&gt; carrier below --&gt; LaneSplitter --&gt; FrameSink
 * </pre>
 */
final class LaneCarrier implements Carrier {

    private final Carrier below;
    private final Delays delays;
    private final SplittableRandom random;
    private @Nullable ShuffledLanes shuffled;

    LaneCarrier(Carrier below, Delays delays, long seed) {
        this.below = below;
        this.delays = delays;
        this.random = new SplittableRandom(seed);
    }

    @Override
    public FrameOrder order() {
        return FrameOrder.PER_HALF;
    }

    @Override
    public SessionLoop loop() {
        return below.loop();
    }

    @Override
    public Path path() {
        return below.path();
    }

    @Override
    public boolean takesMore() {
        return below.takesMore();
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
        ShuffledLanes source = new ShuffledLanes(lanes, below, delays, random);
        shuffled = source;
        below.start(source, new LaneSplitter(sink));
    }

    @Override
    public void wake() {
        ShuffledLanes source = shuffled;
        if (source != null) {
            source.onWoken();
        }
        below.wake();
    }

    @Override
    public void wake(HalfLane half) {
        ShuffledLanes source = shuffled;
        if (source != null) {
            source.onWoken(half);
        }
        below.wake();
    }

    @Override
    public void forget(HalfLane half) {
        ShuffledLanes source = shuffled;
        if (source != null) {
            source.forget(half);
        }
    }

    @Override
    public void trim() {
        below.trim();
    }

    @Override
    public void close() {
        ShuffledLanes source = shuffled;
        if (source != null) {
            source.close();
        }
        below.close();
    }
}
