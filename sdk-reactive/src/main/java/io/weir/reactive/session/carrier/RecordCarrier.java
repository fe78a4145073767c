package io.weir.reactive.session.carrier;

import io.weir.core.crypto.RecordCipher;
import io.weir.core.handshake.HandshakeResult.Established;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.RecordFraming;
import io.weir.reactive.transport.Carrier;
import io.weir.reactive.transport.FrameSink;
import io.weir.reactive.transport.HalfLane;
import io.weir.reactive.transport.LaneMerge;
import io.weir.reactive.transport.Lanes;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.Path;
import io.weir.reactive.transport.SessionLoop;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Carries a session's frames over a link of bytes, as sealed records: all lanes in one order. Loop-confined.
 *
 * <pre>
 *   outbound   lanes --&gt; fair merge --&gt; seal --&gt; link
 *   inbound    link --&gt; cut --&gt; open --&gt; signs of life --&gt; the session, which demultiplexes
 * </pre>
 *
 * A heartbeat is a frame of the control lane, and silence is judged behind the signs of life, in the session: records are
 * made when the link asks for one and lie in borrowed memory, so that no operator may hold one back.
 */
final class RecordCarrier implements Carrier {

    /** Where the bytes of a link go, one phase after the other. */
    interface Turn {
        /** From now on the link carries records. */
        void toRecords(LinkInput inbound, Flux<ByteBuffer> outbound);
    }

    /** Cost that a stream of weight 1 may send before the next one's turn. */
    private static final int QUANTUM = 8 * 1024;

    private final Link link;
    private final RecordCipher sending;
    private final RecordCipher receiving;
    private final RecordBuffers buffers;
    private final Path path;
    private final Turn turn;
    private final LaneMerge lanes = new LaneMerge(QUANTUM);
    private final RecordFraming framing = RecordFraming.records();
    private @Nullable FrameSink session;
    private @Nullable InboundGate gate;
    private @Nullable FairMerge merge;

    /** @param roundTripNanos what the handshake took */
    RecordCarrier(Link link, Established keys, RecordBuffers buffers, long roundTripNanos, Turn turn) {
        this.link = link;
        this.sending = keys.sending();
        this.receiving = keys.receiving();
        this.buffers = buffers;
        this.path = new Path(roundTripNanos, FrameWriter.RECORD_MAX);
        this.turn = turn;
    }

    @Override
    public void start(Lanes source, FrameSink sink) {
        if (merge != null) {
            throw new IllegalStateException("the carrier has been started");
        }
        InboundGate ear = new InboundGate(sink);
        RecordBytes bytes = new RecordBytes(sink, ear);
        lanes.start(source);
        FairMerge records = new FairMerge(lanes, link.loop(), buffers, sink::onDefect);
        session = sink;
        gate = ear;
        merge = records;
        inbound(bytes, framing, receiving, buffers, sink, ear);
        turn.toRecords(bytes, outbound(records, new RecordSealer(sending)));
    }

    // ---- the two chains

    private static Flux<ByteBuffer> outbound(FairMerge records, RecordSealer sealer) {
        return records.map(sealer::seal);
    }

    static void inbound(
            Flux<ByteBuffer> bytes,
            RecordFraming framing,
            RecordCipher cipher,
            RecordBuffers buffers,
            FrameSink sink,
            InboundGate gate) {
        bytes.transform(chunks -> new FluxRecordCut(chunks, framing, gate))
                .transform(records -> new FluxRecordOpen(records, cipher, buffers, sink::keepsFrames, gate))
                .doOnNext(opened -> sink.onHeard(opened.length()))
                .subscribe(new RecordSink(sink, gate));
    }

    // ---- what the link tells

    /** The last record has left, or nothing more can. */
    void onOutboundEnded() {
        FrameSink told = session;
        if (told != null) {
            sending.close();
            link.closeOutput();
            told.onFlushed();
        }
    }

    // ---- Carrier

    @Override
    public FrameOrder order() {
        return FrameOrder.TOTAL;
    }

    @Override
    public SessionLoop loop() {
        return link.loop();
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public void wake() {
        FairMerge running = merge;
        if (running != null) {
            running.wake();
        }
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
        return link.writable();
    }

    @Override
    public boolean isBlocked() {
        return link.isBlocked();
    }

    @Override
    public long blockedNanos(long nowNanos) {
        return link.blockedNanos(nowNanos);
    }

    @Override
    public long stalledNanos(long nowNanos) {
        return link.stalledNanos(nowNanos);
    }

    @Override
    public void trim() {
        framing.trim();
        buffers.trim();
    }

    @Override
    public void close() {
        link.close();
        FairMerge running = merge;
        if (running != null) {
            running.cancel();
        }
        sending.close();
        receiving.close();
        InboundGate ear = gate;
        if (ear != null) {
            ear.shut();
        }
    }
}
