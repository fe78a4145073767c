package io.weir.reactive.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.weir.core.path.PathStats;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.FrameWriter;
import io.weir.reactive.transport.Carrier;
import io.weir.reactive.transport.FrameSink;
import io.weir.reactive.transport.HalfLane;
import io.weir.reactive.transport.Lanes;
import io.weir.reactive.transport.Path;
import io.weir.reactive.transport.SessionLoop;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Carries a session's frames over a QUIC connection, each lane in a stream: no lost packet holds up another lane than its own.
 * Loop-confined, but for what says otherwise.
 *
 * <pre>
 *   Lanes --&gt; OutboundLanes: control first, then messages and halves in turn --&gt; LaneOutput, a stream each --&gt; QUIC
 *                                                                                      DatagramOutput --&gt;
 *   QUIC --&gt; LaneInput, a stream each --&gt; InboundLanes --&gt; FrameSink
 * </pre>
 *
 * <p>What QUIC takes goes into its congestion window. Of what it does not take a block of each stream waits at the most, and
 * {@value OutboundStreams#MOST_HELD_UP} bytes and a block in all; then lanes are asked no more. So their order is decided as late as can be, and
 * by the session's own weights.
 */
final class QuicCarrier implements Carrier, QuicConnection.Listener {

    /** Datagrams that carry less are not worth it. */
    private static final int LEAST_DATAGRAM_BYTES = 256;

    private final QuicConnection connection;
    private final Path path;
    private @Nullable FrameSink sink;
    private @Nullable OutboundLanes outbound;
    private @Nullable InboundLanes inbound;
    private boolean closed;

    /** @param roundTripNanos what the handshake took */
    QuicCarrier(QuicConnection connection, long roundTripNanos) {
        this.connection = connection;
        this.path = new Path(roundTripNanos, FrameWriter.RECORD_MAX);
    }

    boolean isStarted() {
        return outbound != null;
    }

    // ---- Carrier

    @Override
    public FrameOrder order() {
        return connection.datagramBytes() >= LEAST_DATAGRAM_BYTES ? FrameOrder.PER_HALF_DATAGRAMS : FrameOrder.PER_HALF;
    }

    @Override
    public SessionLoop loop() {
        return connection.loop();
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public long roundTripNanos() {
        PathStats stats = stats();
        return stats == null ? path.roundTripNanos() : stats.smoothedRttNanos();
    }

    @Override
    public boolean provesNetworkKey() {
        return false;
    }

    @Override
    public void start(Lanes lanes, FrameSink taker) {
        if (outbound != null) {
            throw new IllegalStateException("the carrier has been started");
        }
        OutboundLanes writing = new OutboundLanes(connection, lanes, taker);
        outbound = writing;
        sink = taker;
        inbound = new InboundLanes(taker, writing);
        connection.become(this);
        writing.wake(); // what became due before
    }

    @Override
    public void wake() {
        OutboundLanes writing = outbound;
        if (writing != null) {
            writing.wake();
        }
    }

    @Override
    public void wake(HalfLane half) {
        OutboundLanes writing = outbound;
        if (writing != null) {
            writing.wake(half);
        }
    }

    @Override
    public void forget(HalfLane half) {
        OutboundLanes writing = outbound;
        if (writing != null) {
            writing.forget(half);
        }
    }

    @Override
    public boolean takesMore() {
        OutboundLanes writing = outbound;
        return writing == null || writing.takesMore();
    }

    @Override
    public boolean isBlocked() {
        OutboundLanes writing = outbound;
        return writing != null && writing.isBlocked();
    }

    @Override
    public long blockedNanos(long nowNanos) {
        OutboundLanes writing = outbound;
        return writing == null ? 0 : writing.blockedNanos(nowNanos);
    }

    @Override
    public long stalledNanos(long nowNanos) {
        OutboundLanes writing = outbound;
        return writing == null ? 0 : writing.stalledNanos(nowNanos);
    }

    @Override
    public String stall(long nowNanos) {
        OutboundLanes writing = outbound;
        return writing != null && writing.lostNanos(nowNanos) > 0
                ? "what was under way to the peer when it moved has not come"
                : Carrier.super.stall(nowNanos);
    }

    @Override
    public @Nullable PathStats stats() {
        return connection.pathStats();
    }

    @Override
    public void onPeerHello(long maxDatagramBytes) {
        // what waited is taken behind what HELLO came with
        loop().execute(() -> {
            InboundLanes lanes = inbound;
            if (lanes != null) {
                lanes.onPeerHello();
            }
        });
    }

    @Override
    public void trim() {
        InboundLanes lanes = inbound;
        if (lanes != null) {
            lanes.trim();
        }
        OutboundLanes writing = outbound;
        if (writing != null) {
            writing.trim();
        }
    }

    @Override
    public void close() {
        closed = true;
        InboundLanes lanes = inbound;
        if (lanes != null) {
            lanes.shut();
        }
        OutboundLanes writing = outbound;
        if (writing != null) {
            writing.shut();
        }
        connection.close();
    }

    // ---- what the connection tells

    @Override
    public void onSecured() {
        // it is, or there would be no carrier
    }

    @Override
    public void onStream(QuicStreamChannel stream) {
        InboundLanes lanes = inbound;
        if (lanes != null) {
            stream.pipeline().addLast(new LaneInput(lanes, stream));
        }
    }

    @Override
    public void onDatagram(ByteBuf datagram) {
        InboundLanes lanes = inbound;
        try {
            if (lanes != null) {
                lanes.onDatagram(datagram);
            }
        } finally {
            datagram.release();
        }
    }

    @Override
    public void onStreamsAllowed() {
        OutboundLanes writing = outbound;
        if (writing != null) {
            writing.onStreamsAllowed();
        }
    }

    @Override
    public void onMoved(SocketAddress to) {
        later(() -> {
            taker().onMoved(to);
            OutboundLanes writing = outbound;
            if (writing != null && !closed) {
                writing.onMoved();
            }
        });
    }

    @Override
    public void onMoveUnproven() {
        later(() -> taker().onMoveUnproven());
    }

    @Override
    public void onEnd() {
        IOException why = connection.whyLost();
        later(() -> taker().onLost(why));
    }

    private FrameSink taker() {
        return Objects.requireNonNull(sink, "started");
    }

    /** Not from inside a call of the session's, and only while it listens. */
    private void later(Runnable telling) {
        if (!closed) {
            loop().execute(() -> {
                if (!closed) {
                    telling.run();
                }
            });
        }
    }
}
