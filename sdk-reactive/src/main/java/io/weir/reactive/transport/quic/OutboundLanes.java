package io.weir.reactive.transport.quic;

import io.netty.channel.ChannelFuture;
import io.weir.core.error.ErrorCode;
import io.weir.core.schedule.DeficitRoundRobin;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.MarkFrames;
import io.weir.reactive.transport.BlockedTime;
import io.weir.reactive.transport.FrameSink;
import io.weir.reactive.transport.HalfLane;
import io.weir.reactive.transport.Lanes;
import io.weir.reactive.transport.SessionLoop;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What goes out on one connection, lane by lane, and whose turn it is: control first, then a block of messages and the halves by
 * weight, as long as QUIC takes it. Loop-confined.
 *
 * <pre>
 *   awake lanes --the end of a turn of reading, or of the loop--&gt; LaneOutput, a stream each --&gt; QUIC
 *        ^                                                        |
 *        +------------------ QUIC has room again -----------------+
 * </pre>
 */
final class OutboundLanes implements HalfOutput.Source, OutboundStreams.Owner, MarkFrames.Taker {

    /** Bytes that are written before the loop's other work has its turn. */
    private static final int MOST_PER_TURN = 1 << 20;

    /** Bytes that a half of weight 1 may send before the next one's turn. */
    private static final int QUANTUM = 8 * 1024;

    private final QuicConnection connection;
    private final SessionLoop loop;
    private final Lanes source;
    private final FrameSink sink;
    private final OutboundStreams streams;
    private final MessageLane messages;
    private final LaneMarking marking;
    private final DatagramOutput datagrams;
    private final BlockedTime blocked = new BlockedTime();
    private final DeficitRoundRobin<FrameWriter> ring = new DeficitRoundRobin<>(QUANTUM);
    private final Map<HalfLane, HalfOutput> halves = new IdentityHashMap<>();
    private final Runnable writing = this::writeIfDue;
    private @Nullable FrameWriter spare;
    private byte @Nullable [] last;
    private boolean controlAwake;
    private boolean scheduled;
    private boolean inTurn;
    private boolean wokenInTurn;
    private boolean finished;
    private boolean shut;
    private int leftInTurn;

    OutboundLanes(QuicConnection connection, Lanes source, FrameSink sink) {
        this.connection = connection;
        this.loop = connection.loop();
        this.source = source;
        this.sink = sink;
        this.streams = new OutboundStreams(connection, this);
        this.messages = new MessageLane(source, streams);
        this.marking = new LaneMarking(this::all, loop, this::wake);
        this.datagrams = new DatagramOutput(connection, streams, this::onDatagramRoom);
    }

    // ---- commands

    /** There may be something in any lane but those of halves. */
    void wake() {
        controlAwake = true;
        messages.wake();
        schedule();
    }

    /** There may be something in that one. */
    void wake(HalfLane half) {
        HalfOutput output = halves.computeIfAbsent(half, lane -> new HalfOutput(lane, this));
        output.wake();
        ring.activate(output);
        schedule();
    }

    /** That one has ended. */
    void forget(HalfLane half) {
        HalfOutput output = halves.remove(half);
        if (output != null) {
            ring.remove(output);
            streams.forget(output);
            LaneOutput over = output.stream();
            if (over != null) {
                marking.forget(over);
            }
            datagrams.forget(output);
            output.forget();
        }
    }

    /** The peer allows more streams. */
    void onStreamsAllowed() {
        writeLast();
        streams.allowed().forEach(ring::activate);
        schedule();
    }

    /** The peer has been proved to be at another address: what was under way to the one before may not come. */
    void onMoved() {
        if (!isOver()) {
            marking.onMoved();
        }
    }

    /** Gives up memory that nothing under way needs. */
    void trim() {
        spare = null;
    }

    /** Nothing is written or told any more. */
    void shut() {
        shut = true;
        messages.shut();
    }

    // ---- queries

    /** Whether lanes are asked as soon as they are awake. */
    boolean takesMore() {
        return streams.takeMore();
    }

    /** As {@link io.weir.reactive.transport.Carrier#isBlocked}. Any thread. */
    boolean isBlocked() {
        return blocked.isBlocked();
    }

    /** As {@link io.weir.reactive.transport.Carrier#blockedNanos}. Any thread. */
    long blockedNanos(long nowNanos) {
        return blocked.nanos(nowNanos);
    }

    /** As {@link io.weir.reactive.transport.Carrier#stalledNanos}. */
    long stalledNanos(long nowNanos) {
        return Math.max(streams.stalledNanos(nowNanos), lostNanos(nowNanos));
    }

    /** How long something has not come that was under way when the peer moved, in ns until now; 0 if all has. */
    long lostNanos(long nowNanos) {
        return marking.stalledNanos(nowNanos);
    }

    // ---- writing

    private void schedule() {
        if (inTurn) {
            wokenInTurn = true;
        } else if (!scheduled && !isOver()) {
            scheduled = true;
            connection.writeTogether(writing);
        }
    }

    private void writeIfDue() {
        scheduled = false;
        if (!isOver()) {
            writeTurn();
        }
    }

    private void writeTurn() {
        leftInTurn = MOST_PER_TURN;
        inTurn = true;
        wokenInTurn = false;
        try {
            FrameWriter writer = writer();
            write(writer);
            if (wokenInTurn) {
                wokenInTurn = false; // mostly BLOCKED, of a half that has used its credit up: it goes along
                write(writer);
            }
        } catch (Throwable e) {
            sink.onDefect(e);
        } finally {
            inTurn = false;
        }
        datagrams.flush();
        if (!takesMore()) {
            blocked.begin(loop.nowNanos());
        }
        boolean goesOn = wokenInTurn || leftInTurn <= 0 && takesMore();
        if (goesOn && !scheduled && !isOver()) {
            scheduled = true;
            loop.execute(writing); // and not in this turn of reading
        }
    }

    private void write(FrameWriter writer) {
        boolean wrote = true;
        while (wrote && leftInTurn > 0 && !isOver()) {
            wrote = writeControl(writer);
            if (!isOver() && takesMore()) {
                int bytes = messages.write(writer);
                spend(bytes);
                wrote |= bytes > 0;
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
        return shut || finished;
    }

    private void spend(int bytes) {
        leftInTurn -= bytes;
        datagrams.onStreamBytes(bytes);
    }

    private boolean writeControl(FrameWriter writer) {
        datagrams.flush(); // what is said behind them must not come before them
        if (controlAwake && datagrams.mayBeOvertaken()) {
            return false;
        }
        LaneOutput to = controlAwake ? streams.control() : null;
        if (to != null) {
            marking.answer(to);
        }
        if (to == null || !to.isFree()) {
            return false;
        }
        controlAwake = false; // it may be woken while it is asked
        writer.reset();
        source.begin();
        source.control(writer);
        int bytes = writer.position();
        if (bytes == 0) {
            return false;
        }
        controlAwake = true;
        source.sent(bytes);
        spend(bytes);
        if (source.isFinished()) {
            finish(Arrays.copyOf(writer.array(), bytes));
        } else {
            to.write(writer.array(), 0, bytes);
        }
        return true;
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
            written.addListener(done -> later(sink::onFlushed));
        }
    }

    // ---- marks

    /** Of this side, but those of halves that were forgotten. */
    private Set<LaneOutput> all() {
        Set<LaneOutput> all = streams.withoutHalves();
        for (HalfOutput half : halves.values()) {
            LaneOutput stream = half.stream();
            if (stream != null) {
                all.add(stream);
            }
        }
        return all;
    }

    @Override
    public void onMark(long round, long number) {
        if (!isOver()) {
            marking.onMark(round, number);
        }
    }

    @Override
    public void onMarked(long number) {
        if (!isOver()) {
            marking.onMarked(number);
        }
    }

    // ---- for the halves

    @Override
    public Lanes lanes() {
        return source;
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
    public int datagramBytes(HalfOutput of) {
        return datagrams.bytesFor(of);
    }

    @Override
    public void datagram(byte[] frames, int length) {
        datagrams.write(frames, length);
    }

    private void onDatagramRoom() {
        if (!isOver()) {
            datagrams.takeWaiting().forEach(ring::activate);
            schedule();
        }
    }

    @Override
    public boolean goesOn(int bytes) {
        spend(bytes);
        return leftInTurn > 0 && takesMore() && !isOver();
    }

    // ---- what the streams tell

    @Override
    public void onRoom(@Nullable HalfOutput half) {
        if (half != null && !shut && !half.isForgotten()) {
            ring.activate(half);
        }
        if (takesMore()) {
            blocked.end(loop.nowNanos());
            schedule();
        }
    }

    @Override
    public void onRefused(Throwable cause) {
        later(() ->
                sink.onViolation(ErrorCode.PROTOCOL_VIOLATION, "the peer has stopped a stream: " + cause.getMessage()));
    }

    /** Not from inside a call of the session's, and only while it listens. */
    private void later(Runnable telling) {
        if (!shut) {
            loop.execute(() -> {
                if (!shut) {
                    telling.run();
                }
            });
        }
    }
}
