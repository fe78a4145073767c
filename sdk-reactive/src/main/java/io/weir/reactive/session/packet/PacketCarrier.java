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
import io.weir.reactive.transport.LaneMerge;
import io.weir.reactive.transport.Lanes;
import io.weir.reactive.transport.Path;
import io.weir.reactive.transport.SessionLoop;
import java.time.Duration;
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

    /** Cost that a stream of weight 1 may send before the next one's turn: a packet or so. */
    private static final int QUANTUM = 1_024;

    /**
     * Packets behind which what is to be said goes out though more are there to be read: the peer works on it meanwhile. Otherwise two
     * sides of which each asks and answers as fast as it can would take turns, one of them always waiting for the other.
     */
    static final int MANY = 8;

    /** A window of 65,536 packets is 1 Gbit/s at 600 ms; and probes need not be more seldom than heartbeats are by default. */
    private static final RecoverySettings RECOVERY =
            RecoverySettings.defaults().withMaxWaiting(65_536).withMaxProbeWait(Duration.ofSeconds(5));

    private final DatagramSocket socket;
    private final PacketSettings settings;
    private final CarrierOwner owner;
    private final PacketClock clock;
    private final LoopScheduler scheduler;
    private final PathValidation validation;
    private final PathWatch watch;
    private final LaneMerge lanes = new LaneMerge(QUANTUM);
    private final PacketFiller filler;
    private final PacketBatch batch;
    private final PacketMerge merge;
    private final PacketInput input = new PacketInput();
    private final PacketReader reader;
    private final FeedbackInput feedback = new FeedbackInput();
    private final PacketSink sink = new PacketSink();
    private final FirstAuthentic firstAuthentic = new FirstAuthentic();
    private Path path;
    private long toldUnproven;
    private @Nullable Disposable sending;
    private boolean receiving;
    private int came;
    private boolean started;
    private boolean closed;
    private boolean released;

    private PacketCarrier(DatagramSocket socket, PacketKeys keys, PacketSettings settings, CarrierOwner owner) {
        this.socket = socket;
        this.settings = settings;
        this.owner = owner;
        clock = new PacketClock(socket.loop());
        scheduler = new LoopScheduler(socket.loop(), clock);
        validation = new PathValidation(keys.peer(), settings.random());
        watch = new PathWatch(settings, keys.roundTripNanos(), socket.loop().nowNanos(), new Findings());
        batch = new PacketBatch(socket, new PacketSealer(keys.established().sending(), keys.peerIndex()));
        filler = new PacketFiller(lanes, watch, validation, batch.joins());
        merge = new PacketMerge(socket, clock, settings, filler, batch, new Findings());
        reader = new PacketReader(
                new PacketOpener(keys.established().receiving(), settings.drops()), settings.buffers(), new Findings());
        path = pathNow();
    }

    /** One that is not started. */
    public static PacketCarrier over(
            DatagramSocket socket, PacketKeys keys, PacketSettings settings, CarrierOwner owner) {
        return new PacketCarrier(socket, keys, settings, owner);
    }

    @Override
    public void start(Lanes source, FrameSink session) {
        if (started) {
            throw new IllegalStateException("the carrier has been started");
        }
        started = true;
        lanes.start(source);
        sink.start(session);
        inbound();
        sending = outbound();
    }

    // ---- the two chains

    private Disposable outbound() {
        return merge.transform(Reliability.send(feedback, RECOVERY, scheduler, watch))
                .subscribe(batch::seal, sink::onError);
    }

    private void inbound() {
        input.mapNotNull(reader::open)
                .transform(Reliability.acknowledge(this::tell, scheduler, InboundPacket::elicitsFeedback))
                .doOnNext(this::hear)
                .subscribe(sink);
    }

    /** A round trip ends with what is told in front of a packet's frames. */
    private void hear(InboundPacket packet) {
        Feedback told = packet.feedback();
        if (told != null) {
            clock.renew();
            feedback.take(told);
        }
    }

    /** A last one goes out though the session is over: the peer waits for it. */
    private void tell(Feedback ranges) {
        filler.tell(reader.withCounts(ranges));
        merge.soon();
    }

    /** Whether a session has taken it. */
    public boolean isStarted() {
        return started;
    }

    // ---- what the port tells

    /**
     * A datagram of type PACKET with this session's index has come. Before {@link #start} it is dropped, and counts as lost: its
     * sender sends again what was in it.
     *
     * @param array borrowed: valid until this returns
     */
    public void onPacket(byte[] array, int offset, int length, PathAddress from, Ecn mark) {
        if (!sink.isListening()) {
            return;
        }
        if (!receiving) {
            receiving = true;
            clock.begin();
            sink.onInput();
        }
        try {
            input.onPacket(array, offset, length, from, mark);
        } catch (Throwable e) {
            sink.onError(e);
        } finally {
            reader.release();
        }
        if (closed) {
            release();
        } else if (++came >= MANY && filler.isWoken()) {
            onReceived();
        }
    }

    /** Nothing more has come for now; behind one or more {@link #onPacket}. */
    public void onReceived() {
        receiving = false;
        came = 0;
        clock.end();
        merge.drain();
    }

    /** The socket is writable again. */
    public void onWritable() {
        merge.drain();
    }

    /** The system takes no datagram of this size to there: it was not sent. */
    public void onRefused(int bytes, PathAddress to) {
        if (to.equals(validation.proven())) {
            watch.path().onRefused(bytes, loop().nowNanos());
            followPath();
        }
    }

    /** The socket is closed: by this side (null), or because it broke. */
    public void onSocketClosed(@Nullable Throwable failure) {
        if (started) {
            sink.lost(failure);
        } else {
            close();
        }
    }

    /** Hears, once, of the first packet that authenticates; at once if there was one. */
    public void onAuthenticated(Runnable once) {
        firstAuthentic.tell(once);
    }

    // ---- what the chains find out

    /** There may be room, or another size of packets, than before. */
    private void followPath() {
        if (path.recordBytes() != recordBytes()) {
            path = pathNow();
        }
        merge.soon();
    }

    private void tellUnproven() {
        for (long unproven = validation.unproven(); toldUnproven < unproven; toldUnproven++) {
            sink.moveUnproven();
        }
    }

    /** Hears it. */
    private final class Findings implements PathWatch.Owner, PacketMerge.Owner, PacketReader.Owner {

        @Override
        public void onProbesOwed() {
            filler.oweProbes();
            merge.soon();
        }

        @Override
        public void onJudged() {
            followPath();
            sink.fatesTold();
        }

        /** The peer needs no more of this side: to linger would be to wait for nothing. */
        @Override
        public void onEndArrived() {
            loop().execute(() -> sink.lost(null));
        }

        @Override
        public void onEndLost() {
            filler.oweEnd();
        }

        @Override
        public void onLie(ErrorCode error) {
            sink.violated(error, "it acknowledges what was never sent");
        }

        @Override
        public void onDrained() {
            if (!socket.writable()) {
                owner.onSocketFull();
            }
            if (batch.isExhausted()) {
                sink.violated(ErrorCode.KEY_EXHAUSTED, "");
            }
            if (filler.pollEnd() || batch.isExhausted()) {
                sink.flushed();
            }
            tellUnproven();
        }

        @Override
        public void onDefect(Throwable defect) {
            sink.onError(defect);
        }

        @Override
        public void onAuthentic(InboundPacket packet, long number) {
            PathAddress from = packet.from();
            if (from != null) {
                validation.onPacket(
                        from, number, packet.datagramLength(), watch.probeTimeoutNanos(), loop().nowNanos());
            }
            firstAuthentic.onPacket();
        }

        @Override
        public boolean keepsFrames() {
            return sink.keepsFrames();
        }

        @Override
        public void onViolation(ErrorCode error, String problem) {
            sink.violated(error, problem);
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
    public long nowNanos() {
        return clock.nowNanos();
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
        if (maxDatagramBytes > 0) {
            watch.path().onMaxDatagramBytes((int) Math.min(maxDatagramBytes(), maxDatagramBytes));
            filler.agree();
            merge.soon();
        }
    }

    @Override
    public void onPong(long token) {
        PathAddress from = input.from();
        if (from == null) {
            return;
        }
        PathMove move = validation.onPong(from, token);
        if (move != PathMove.NONE) {
            watch.onMoved(move, loop().nowNanos());
            owner.onMoved(from);
            sink.moved(socket.socketAddress(from));
            followPath();
        }
    }

    @Override
    public long roundTripNanos() {
        return watch.roundTripNanos();
    }

    @Override
    public PathStats stats() {
        return watch.stats();
    }

    @Override
    public void wake() {
        filler.wake();
        merge.soon();
    }

    @Override
    public void wake(HalfLane half) {
        lanes.join(half);
        wake();
    }

    @Override
    public void forget(HalfLane half) {
        lanes.leave(half);
    }

    @Override
    public boolean takesMore() {
        return merge.takesMore();
    }

    @Override
    public boolean isBlocked() {
        return merge.isBlocked();
    }

    @Override
    public long blockedNanos(long nowNanos) {
        return merge.blockedNanos(nowNanos);
    }

    @Override
    public long stalledNanos(long nowNanos) {
        return watch.stalledNanos(nowNanos);
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
        sink.close();
        filler.silence();
        input.complete();
        if (!input.isReading()) {
            release();
        }
    }

    private void release() {
        if (released) {
            return;
        }
        released = true;
        merge.drain();
        merge.cancel();
        Disposable chain = sending;
        if (chain != null) {
            chain.dispose();
        }
        batch.close();
        reader.close();
        owner.onClosed();
    }
}
