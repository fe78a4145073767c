package io.weir.reactive.session.packet;

import io.weir.core.datagram.PacketOpener;
import io.weir.core.datagram.PacketSealer;
import io.weir.core.error.ErrorCode;
import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.core.path.PathMove;
import io.weir.core.path.PathStats;
import io.weir.core.path.PathValidation;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.reactive.operator.RecoverySettings;
import io.weir.reactive.operator.Reliability;
import io.weir.reactive.transport.Carrier;
import io.weir.reactive.transport.DatagramSocket;
import io.weir.reactive.transport.FrameSink;
import io.weir.reactive.transport.HalfLane;
import io.weir.reactive.transport.Lanes;
import io.weir.reactive.transport.Path;
import io.weir.reactive.transport.SessionLoop;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * Carries a session's frames as sealed packets over a port of datagrams, which is others' too: nothing keeps an order, and what
 * is lost goes out again with today's values. Loop-confined.
 *
 * <pre>
 *   outbound   lanes --&gt; fair merge, paced --&gt; Reliability.send --&gt; seal --&gt; socket
 *                                                   ^
 *                                                   +---- FEEDBACK ----+
 *                                                                      |
 *   inbound    socket --&gt; open --&gt; Reliability.acknowledge --&gt; FEEDBACK taken off --&gt; the session, which demultiplexes
 * </pre>
 */
public final class PacketCarrier implements Carrier {

    /** As many as the peer can follow over are 2^20; a window of 65,536 packets is 1 Gbit/s at 600 ms. */
    private static final RecoverySettings RECOVERY = RecoverySettings.defaults().withMaxWaiting(65_536);

    private final DatagramSocket socket;
    private final PacketSettings settings;
    private final Runnable onClosed;
    private final LoopScheduler scheduler;
    private final PathValidation validation;
    private final PathWatch watch;
    private final PacketReader reader;
    private final PacketBatch batch;
    private final PacketInput input = new PacketInput();
    private final FeedbackInput feedback = new FeedbackInput();
    private Path path;
    private @Nullable FrameSink session;
    private @Nullable PacketSink sink;
    private @Nullable PacketFiller filler;
    private @Nullable PacketMerge merge;
    private @Nullable Disposable sending;
    private @Nullable Runnable onAuthenticated;
    private boolean authenticated;
    private boolean receiving;
    private boolean flushed;
    private boolean lost;
    private boolean closed;
    private boolean released;

    private PacketCarrier(DatagramSocket socket, PacketKeys keys, PacketSettings settings, Runnable onClosed) {
        this.socket = socket;
        this.settings = settings;
        this.onClosed = onClosed;
        scheduler = new LoopScheduler(socket.loop());
        validation = new PathValidation(keys.peer(), settings.random());
        watch = new PathWatch(settings, keys.roundTripNanos(), socket.loop().nowNanos(), new Findings());
        reader = new PacketReader(
                new PacketOpener(keys.established().receiving(), settings.drops()), settings.buffers(), new Readings());
        batch = new PacketBatch(socket, new PacketSealer(keys.established().sending(), keys.peerIndex()));
        path = pathNow();
    }

    /**
     * One that is not started.
     *
     * @param onClosed called once when it is closed, by whoever: its index is free
     */
    public static PacketCarrier over(
            DatagramSocket socket, PacketKeys keys, PacketSettings settings, Runnable onClosed) {
        return new PacketCarrier(socket, keys, settings, onClosed);
    }

    @Override
    public void start(Lanes lanes, FrameSink told) {
        if (session != null) {
            throw new IllegalStateException("the carrier has been started");
        }
        PacketSink end = new PacketSink(told);
        PacketFiller filled = new PacketFiller(new PacketLanes(lanes), watch, validation, batch.joins());
        PacketMerge merged = new PacketMerge(socket, settings, filled, batch, new PacketMerge.Owner() {
            @Override
            public void onDrained() {
                PacketCarrier.this.onDrained();
            }

            @Override
            public void onDefect(Throwable defect) {
                told.onDefect(defect);
            }
        });
        session = told;
        sink = end;
        filler = filled;
        merge = merged;
        inbound(end);
        sending = outbound(merged);
    }

    // ---- the two chains

    private Disposable outbound(PacketMerge packets) {
        return packets.transform(Reliability.send(feedback, RECOVERY, scheduler, watch))
                .subscribe(batch::seal, this::onOutboundFailed);
    }

    private void inbound(PacketSink end) {
        input.mapNotNull(reader::open)
                .transform(Reliability.acknowledge(this::tell, scheduler, InboundPacket::elicitsFeedback))
                .doOnNext(feedback::take)
                .subscribe(end);
    }

    /** A last one goes out though the session is over: the peer waits for it. */
    private void tell(Feedback ranges) {
        PacketFiller filled = filler;
        PacketMerge packets = merge;
        if (filled != null && packets != null) {
            filled.tell(reader.withCounts(ranges));
            packets.soon();
        }
    }

    private void onOutboundFailed(Throwable defect) {
        PacketSink end = sink;
        if (end != null) {
            end.onError(defect);
        }
    }

    /** Whether a session has taken it. */
    public boolean isStarted() {
        return session != null;
    }

    // ---- what the port tells

    /**
     * A datagram of type PACKET with this session's index has come. Before {@link #start} it is dropped, and counts as lost: its
     * sender sends again what was in it.
     *
     * @param array borrowed: valid until this returns
     */
    public void onPacket(byte[] array, int offset, int length, PathAddress from, Ecn mark) {
        FrameSink told = session;
        if (told == null || closed) {
            return;
        }
        if (!receiving) {
            receiving = true;
            told.onInput();
        }
        try {
            input.onPacket(array, offset, length, from, mark);
        } catch (Throwable e) {
            told.onDefect(e);
        } finally {
            reader.release();
        }
        if (closed) {
            release();
        }
    }

    /** Nothing more has come for now; behind one or more {@link #onPacket}. */
    public void onReceived() {
        receiving = false;
        PacketMerge packets = merge;
        if (packets != null) {
            packets.drain();
        }
    }

    /** The socket is writable again. */
    public void onWritable() {
        PacketMerge packets = merge;
        if (packets != null) {
            packets.drain();
        }
    }

    /** The system takes no datagram of this size to there: it was not sent. */
    public void onRefused(int bytes, PathAddress to) {
        if (to.equals(validation.proven())) {
            watch.path().onRefused(bytes, loop().nowNanos());
            onPathChanged();
        }
    }

    /** The socket is closed: by this side (null), or because it broke. */
    public void onSocketClosed(@Nullable Throwable failure) {
        if (session == null) {
            close();
        } else {
            lose(failure);
        }
    }

    /** Hears, once, of the first packet that authenticates; at once if there was one. */
    public void onAuthenticated(Runnable once) {
        if (authenticated) {
            once.run();
        } else {
            onAuthenticated = once;
        }
    }

    // ---- what the chains find out

    private void onPathChanged() {
        if (path.recordBytes() != recordBytes()) {
            path = pathNow();
        }
        soon();
    }

    private void soon() {
        PacketMerge packets = merge;
        if (packets != null) {
            packets.soon();
        }
    }

    /** Packets went out. */
    private void onDrained() {
        PacketFiller filled = filler;
        FrameSink told = session;
        if (filled != null && told != null && !flushed && !closed && (filled.pollEnd() || batch.isExhausted())) {
            flushed = true;
            if (batch.isExhausted()) {
                violated(ErrorCode.KEY_EXHAUSTED, "");
            }
            told.onFlushed();
        }
    }

    private void violated(ErrorCode error, String problem) {
        PacketSink end = sink;
        if (end != null) {
            end.violated(error, problem);
        }
    }

    private void lose(@Nullable Throwable failure) {
        FrameSink told = session;
        if (told != null && !lost && !closed) {
            lost = true;
            told.onLost(failure);
        }
    }

    /** What becomes of packets. */
    private final class Findings implements PathWatch.Owner {

        @Override
        public void onProbesOwed() {
            PacketFiller filled = filler;
            if (filled != null) {
                filled.oweProbes();
                soon();
            }
        }

        @Override
        public void onPathChanged() {
            PacketCarrier.this.onPathChanged();
        }

        /** The peer needs no more of this side: its linger would wait for nothing. */
        @Override
        public void onEndArrived() {
            loop().execute(() -> lose(null));
        }

        @Override
        public void onEndLost() {
            PacketFiller filled = filler;
            if (filled != null) {
                filled.oweEnd();
            }
        }

        @Override
        public void onLie(ErrorCode error) {
            violated(error, "it acknowledges what was never sent");
        }
    }

    /** What packets show. */
    private final class Readings implements PacketReader.Owner {

        @Override
        public void onAuthentic(InboundPacket packet, long number) {
            PathAddress from = packet.from();
            if (from != null) {
                validation.onPacket(
                        from, number, packet.datagramLength(), watch.probeTimeoutNanos(), loop().nowNanos());
            }
            if (!authenticated) {
                authenticated = true;
                Runnable once = onAuthenticated;
                if (once != null) {
                    onAuthenticated = null;
                    once.run();
                }
            }
        }

        @Override
        public boolean keepsFrames() {
            FrameSink told = session;
            return told != null && told.keepsFrames();
        }

        @Override
        public void onViolation(ErrorCode error, String problem) {
            violated(error, problem);
        }
    }

    // ---- Carrier

    @Override
    public FrameOrder order() {
        return FrameOrder.NONE;
    }

    @Override
    public SessionLoop loop() {
        return socket.loop();
    }

    @Override
    public Path path() {
        return path;
    }

    private Path pathNow() {
        return new Path(watch.roundTripNanos(), recordBytes());
    }

    private int recordBytes() {
        return watch.path().datagramBytes() - PacketSealer.OVERHEAD;
    }

    @Override
    public int maxDatagramBytes() {
        return settings.path().maxDatagramBytes();
    }

    @Override
    public void onPeerHello(long maxDatagramBytes) {
        reader.onHello();
        PacketFiller filled = filler;
        if (maxDatagramBytes > 0 && filled != null) {
            watch.path().onMaxDatagramBytes((int) Math.min(maxDatagramBytes(), maxDatagramBytes));
            filled.agree();
            soon();
        }
    }

    @Override
    public void onPong(long token) {
        PathAddress from = input.from();
        PathMove move = from == null ? PathMove.NONE : validation.onPong(from, token);
        if (move != PathMove.NONE) {
            watch.onMoved(move, loop().nowNanos());
            onPathChanged();
        }
    }

    @Override
    public PathStats stats() {
        return watch.stats();
    }

    @Override
    public void wake() {
        PacketFiller filled = filler;
        if (filled != null) {
            filled.wake();
            soon();
        }
    }

    @Override
    public void wake(HalfLane half) {
        PacketFiller filled = filler;
        if (filled != null) {
            filled.join(half);
            soon();
        }
    }

    @Override
    public void forget(HalfLane half) {
        PacketFiller filled = filler;
        if (filled != null) {
            filled.leave(half);
        }
    }

    @Override
    public boolean takesMore() {
        PacketMerge packets = merge;
        return packets != null && packets.takesMore();
    }

    @Override
    public long blockedNanos(long nowNanos) {
        PacketMerge packets = merge;
        return packets == null ? 0 : packets.blockedNanos(nowNanos);
    }

    @Override
    public void trim() {
        watch.trim();
        settings.buffers().trim();
    }

    /** The peer is told a last time what has come of it, as its END may be waiting for that. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        PacketSink end = sink;
        PacketFiller filled = filler;
        if (end != null && filled != null) {
            end.shut();
            filled.silence();
            input.complete();
        }
        if (!input.isReading()) {
            release();
        }
    }

    private void release() {
        if (released) {
            return;
        }
        released = true;
        PacketMerge packets = merge;
        Disposable chain = sending;
        if (packets != null && chain != null) {
            packets.drain();
            chain.dispose();
        }
        batch.close();
        reader.close();
        onClosed.run();
    }
}
