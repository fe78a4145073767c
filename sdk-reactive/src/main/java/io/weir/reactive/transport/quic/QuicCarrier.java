package io.weir.reactive.transport.quic;

import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.weir.core.error.ErrorCode;
import io.weir.core.schedule.DeficitRoundRobin;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.FrameWriter;
import io.weir.reactive.transport.BlockedTime;
import io.weir.reactive.transport.Carrier;
import io.weir.reactive.transport.FrameSink;
import io.weir.reactive.transport.HalfLane;
import io.weir.reactive.transport.Lanes;
import io.weir.reactive.transport.Path;
import io.weir.reactive.transport.SessionLoop;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Carries a session's frames over a QUIC connection, each lane in a stream: no lost packet holds up another lane than its own.
 * Loop-confined, but for what says otherwise.
 *
 * <pre>
 *   Lanes --&gt; control first, then messages and halves in turn --&gt; LaneOutput, a stream each --&gt; QUIC
 *   QUIC --&gt; LaneInput, a stream each --&gt; InboundLanes --&gt; FrameSink
 * </pre>
 *
 * <p>What QUIC takes goes into its congestion window. Of what it does not take a block of each stream waits at the most, and
 * {@value OutboundStreams#MOST_HELD_UP} bytes and a block in all; then lanes are asked no more. So their order is decided as late as can be, and
 * by the session's own weights.
 */
final class QuicCarrier implements Carrier, HalfOutput.Source, OutboundStreams.Owner, QuicConnection.Listener {

    /** Bytes that are written before the loop's other work has its turn. */
    private static final int MOST_PER_TURN = 1 << 20;

    /** Bytes that a half of weight 1 may send before the next one's turn. */
    private static final int QUANTUM = 8 * 1024;

    private final QuicConnection connection;
    private final Path path;
    private final BlockedTime blocked = new BlockedTime();
    private final DeficitRoundRobin<FrameWriter> ring = new DeficitRoundRobin<>(QUANTUM);
    private final OutboundStreams streams;
    private final Map<HalfLane, HalfOutput> halves = new IdentityHashMap<>();

    private @Nullable Lanes source;
    private @Nullable FrameSink sink;
    private @Nullable InboundLanes inbound;
    private @Nullable MessageOutputs messages;
    private @Nullable FrameWriter spare;
    private byte @Nullable [] last;
    private boolean controlAwake;
    private boolean messagesAwake;
    private boolean scheduled;
    private boolean finished;
    private boolean closed;
    private int leftInTurn;

    /** @param roundTripNanos what the handshake took */
    QuicCarrier(QuicConnection connection, long roundTripNanos) {
        this.connection = connection;
        this.streams = new OutboundStreams(connection, this);
        this.path = new Path(roundTripNanos, FrameWriter.RECORD_MAX);
    }

    boolean isStarted() {
        return source != null;
    }

    // ---- Carrier

    @Override
    public FrameOrder order() {
        return FrameOrder.PER_HALF;
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
    public boolean provesNetworkKey() {
        return false;
    }

    @Override
    public void start(Lanes lanes, FrameSink taker) {
        if (source != null) {
            throw new IllegalStateException("the carrier has been started");
        }
        source = lanes;
        sink = taker;
        inbound = new InboundLanes(taker, this::writeIfDue);
        messages = new MessageOutputs(lanes);
        connection.become(this);
    }

    @Override
    public void wake() {
        controlAwake = true;
        messagesAwake = true;
        schedule();
    }

    @Override
    public void wake(HalfLane half) {
        HalfOutput output = halves.computeIfAbsent(half, lane -> new HalfOutput(lane, this));
        output.wake();
        ring.activate(output);
        schedule();
    }

    @Override
    public void forget(HalfLane half) {
        HalfOutput output = halves.remove(half);
        if (output != null) {
            ring.remove(output);
            streams.forget(output);
            output.forget();
        }
    }

    @Override
    public boolean takesMore() {
        return streams.takeMore();
    }

    @Override
    public long blockedNanos(long nowNanos) {
        return blocked.nanos(nowNanos);
    }

    @Override
    public long stalledNanos(long nowNanos) {
        return streams.stalledNanos(nowNanos);
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
        spare = null;
    }

    @Override
    public void close() {
        closed = true;
        InboundLanes lanes = inbound;
        if (lanes != null) {
            lanes.shut();
        }
        connection.close();
    }

    // ---- writing

    private void schedule() {
        if (!scheduled && !closed && !finished && source != null) {
            scheduled = true;
            loop().execute(this::writeIfDue);
        }
    }

    /**
     * Writes now what waits for its turn. Inside a read of Netty's that spares a packet and a system call for each stream: there
     * it sends once, when the read is over.
     */
    private void writeIfDue() {
        if (scheduled) {
            scheduled = false;
            if (!isOver()) {
                writeTurn();
            }
        }
    }

    private void writeTurn() {
        leftInTurn = MOST_PER_TURN;
        try {
            write(lanes());
        } catch (Throwable e) {
            taker().onDefect(e);
        }
        if (!takesMore()) {
            blocked.begin(loop().nowNanos());
        } else if (leftInTurn <= 0) {
            schedule();
        }
    }

    private void write(Lanes lanes) {
        FrameWriter writer = writer();
        boolean wrote = true;
        while (wrote && leftInTurn > 0 && !isOver()) {
            wrote = writeControl(lanes, writer);
            if (!isOver() && takesMore()) {
                wrote |= writeMessages(lanes, writer);
            }
            if (!isOver() && takesMore()) {
                wrote |= ring.fill(writer);
            }
        }
    }

    private FrameWriter writer() {
        FrameWriter made = spare;
        if (made == null) {
            made = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
            spare = made;
        }
        return made;
    }

    private boolean isOver() {
        return closed || finished;
    }

    private boolean writeControl(Lanes lanes, FrameWriter writer) {
        LaneOutput to = controlAwake ? streams.control() : null;
        if (to == null || !to.isFree()) {
            return false;
        }
        controlAwake = false; // it may be woken while it is asked
        writer.reset();
        lanes.begin();
        lanes.control(writer);
        int bytes = writer.position();
        if (bytes == 0) {
            return false;
        }
        controlAwake = true;
        lanes.sent(bytes);
        leftInTurn -= bytes;
        if (lanes.isFinished()) {
            finish(Arrays.copyOf(writer.array(), bytes));
        } else {
            to.write(writer.array(), 0, bytes);
        }
        return true;
    }

    /** Packets of small messages up to a block full, or up to one of a large message, which goes in a stream of its own. */
    private boolean writeMessages(Lanes lanes, FrameWriter writer) {
        LaneOutput small = messagesAwake ? streams.messages(MessageOutputs.SMALL) : null;
        if (small == null || !small.isFree()) {
            return false;
        }
        writer.reset();
        int stream = MessageOutputs.SMALL;
        int smallBytes = 0;
        while (stream == MessageOutputs.SMALL && !writer.isFull()) {
            messagesAwake = false; // they may be woken while they are asked
            lanes.begin();
            long lane = lanes.message(writer);
            if (lane == Lanes.NONE || closed) {
                messagesAwake |= smallBytes > 0; // there may have been no room only
                break;
            }
            messagesAwake = true;
            int bytes = writer.position() - smallBytes;
            lanes.sent(bytes);
            stream = Objects.requireNonNull(messages).streamOf(lane, writer.array(), smallBytes, bytes);
            if (stream == MessageOutputs.SMALL) {
                smallBytes += bytes;
            }
        }
        if (smallBytes > 0) {
            small.write(writer.array(), 0, smallBytes);
        }
        if (stream != MessageOutputs.SMALL) {
            LaneOutput large = Objects.requireNonNull(streams.messages(stream));
            large.write(writer.array(), smallBytes, writer.position() - smallBytes);
        }
        leftInTurn -= writer.position();
        return !writer.isEmpty();
    }

    /** END is the last frame of these: every other stream ends, then one more has them. */
    private void finish(byte[] frames) {
        finished = true;
        last = frames;
        streams.finish();
        halves.values().forEach(HalfOutput::forget);
        writeLast();
    }

    private void writeLast() {
        byte[] frames = last;
        ChannelFuture written = frames == null ? null : streams.last(frames);
        if (written != null) {
            last = null;
            written.addListener(done -> later(() -> taker().onFlushed()));
        }
    }

    // ---- for the halves

    @Override
    public Lanes lanes() {
        return Objects.requireNonNull(source, "started");
    }

    private FrameSink taker() {
        return Objects.requireNonNull(sink, "started");
    }

    @Override
    public boolean allowsStream(HalfOutput of) {
        return streams.allowsHalf(of);
    }

    @Override
    public @Nullable LaneOutput stream(HalfOutput of) {
        return streams.half(of);
    }

    @Override
    public boolean goesOn(int bytes) {
        leftInTurn -= bytes;
        return leftInTurn > 0 && takesMore() && !isOver();
    }

    // ---- what the streams tell

    @Override
    public void onRoom(@Nullable HalfOutput half) {
        if (half != null && !closed && !half.isForgotten()) {
            ring.activate(half);
        }
        if (takesMore()) {
            blocked.end(loop().nowNanos());
            schedule();
        }
    }

    @Override
    public void onRefused(Throwable cause) {
        later(() -> taker().onViolation(
                        ErrorCode.PROTOCOL_VIOLATION, "the peer has stopped a stream: " + cause.getMessage()));
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
    public void onStreamsAllowed() {
        writeLast();
        streams.allowed().forEach(ring::activate);
        schedule();
    }

    @Override
    public void onMoved(SocketAddress to) {
        later(() -> taker().onMoved(to));
    }

    @Override
    public void onEnd() {
        IOException why = connection.whyLost();
        later(() -> taker().onLost(why));
    }
}
