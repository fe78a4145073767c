package io.weir.core.stream;

import io.weir.core.credit.MemoryBudget;
import io.weir.core.credit.MemoryPool;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.PacketLedger;
import io.weir.core.wire.SessionFrame;
import io.weir.core.wire.StreamFrame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One end of a session without transport: a table, its host, and the frames on their way to the other end. */
final class Side implements StreamHost {

    /** What happens to a stream that the peer opens. */
    enum Policy {
        ACCEPT,
        REFUSE,
        LEAVE
    }

    final String name;
    final StreamSettings settings;
    final MemoryBudget budget;
    final StreamTable table;
    final FrameWriter writer;
    final Deque<Frame> sent = new ArrayDeque<>();
    /** Those of them that stand in front of the DATA of a half, in its lane. */
    final Set<Frame> inLaneOfHalf = Collections.newSetFromMap(new IdentityHashMap<>());

    final List<Probe> probes = new ArrayList<>();
    final Deque<StreamEpoch> waiting = new ArrayDeque<>();
    final Deque<Runnable> payloadsWaiting = new ArrayDeque<>();
    StreamConfig config = StreamConfig.reliable().withFixedWindow(65_536);
    Policy policy = Policy.ACCEPT;
    boolean takes = true;
    boolean reservesAtOnce = true;
    int withdrawn;
    int controlPending;
    long payloadBytes;
    long now;
    /** Sees every listener before its stream is opened or accepted. */
    Consumer<Probe> onNewProbe = probe -> {};

    private final FrameReader reader = new FrameReader();

    Side(String name, StreamSettings settings, long budgetBytes) {
        this(name, settings, budgetBytes, new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX));
    }

    Side(String name, StreamSettings settings, long budgetBytes, FrameWriter writer) {
        this.name = name;
        this.settings = settings;
        this.writer = writer;
        this.budget = new MemoryBudget(budgetBytes, MemoryPool.unbounded());
        this.table = new StreamTable(settings, budget, this);
    }

    // ---- commands

    Probe open(StreamId id) {
        Probe probe = newProbe();
        probe.epoch = table.open(id, "n", Headers.empty(), config, probe);
        probes.add(probe);
        waiting.remove(probe.epoch);
        return probe;
    }

    Probe accept(StreamEpoch epoch) {
        Probe probe = newProbe();
        probe.epoch = epoch;
        probes.add(probe);
        table.accept(epoch, config, probe);
        return probe;
    }

    private Probe newProbe() {
        Probe probe = new Probe();
        probe.takes = takes;
        onNewProbe.accept(probe);
        return probe;
    }

    /** The listener added last. */
    Probe last() {
        return probes.get(probes.size() - 1);
    }

    /** Sends an element if that is possible; false if it is not. A larger one than fits is not begun. */
    boolean send(Probe probe, byte[] element) {
        SendHalf half = probe.epoch().sending();
        if (!half.writable()) {
            return false;
        }
        writer.reset();
        Write result = half.begin(writer, element.length);
        if (result == Write.OK) {
            writer.payload().put(element);
            half.endElement(writer);
            ship();
        }
        return result == Write.OK;
    }

    /** Writes what it can of an element in fragments; true when all of it is written. */
    Write sendPart(Probe probe, ByteBuffer element) {
        writer.reset();
        Write result = probe.epoch().sending().write(writer, element);
        ship();
        return result;
    }

    /** Takes and consumes one queued element; false if there is none. */
    boolean consume(Probe probe) {
        ReceiveHalf half = probe.epoch().receiving();
        ByteBuffer payload = half.poll();
        if (payload == null) {
            return false;
        }
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        probe.elements.add(bytes);
        half.consumed(bytes.length);
        return true;
    }

    /** Sends an element in a datagram of so many bytes if that is possible. */
    Write sendDatagram(Probe probe, byte[] element, int mostBytes) {
        writer.resetDatagram(mostBytes);
        SendHalf half = probe.epoch().sending();
        Write result = half.begin(writer, element.length);
        if (result == Write.OK) {
            writer.payload().put(element);
            half.endElement(writer);
            ship();
        } else if (result == Write.NEEDS_FRAGMENTS) {
            half.write(writer, ByteBuffer.wrap(element)); // which finds that there is no room for one
        }
        return result;
    }

    /** Whether it may be lost and come in any order. */
    boolean isDatagram(Frame frame) {
        return settings.order() == FrameOrder.PER_HALF_DATAGRAMS
                && frame instanceof StreamFrame.Data data
                && data.offset() >= 0;
    }

    /** Says that nothing new begins. */
    void goAway() {
        sent.add(new SessionFrame.Goaway(table.goAway(), 0, 0, ErrorCode.NONE.number()));
    }

    /** Fills one record with control frames and sends it. */
    void pump() {
        writer.reset();
        table.writeControl(writer);
        ships(true);
    }

    /** The same in a packet that may be lost: what is told of it is told through the ledger. */
    PacketLedger pumpNoted() {
        PacketLedger ledger = new PacketLedger();
        writer.reset(ledger);
        table.writeControl(writer);
        ship();
        return ledger;
    }

    /** What was written of a half is on its way. */
    void ship() {
        ships(false);
    }

    private void ships(boolean control) {
        reader.reset(writer.array(), 0, writer.position());
        while (true) {
            switch (reader.next()) {
                case DATA -> {
                    StreamFrame.Data d = reader.data();
                    sent.add(new StreamFrame.Data(
                            d.handle(),
                            d.first(),
                            d.last(),
                            d.offset(),
                            d.seq(),
                            d.total(),
                            io.weir.core.wire.Bytes.copyOf(d.payload().toByteArray())));
                }
                case MESSAGE -> throw new AssertionError("a stream table wrote a message");
                case FRAME -> {
                    Frame frame = reader.frame();
                    if (!control) {
                        inLaneOfHalf.add(frame);
                    }
                    sent.add(frame);
                }
                case END -> {
                    return;
                }
                case MALFORMED -> throw new AssertionError(reader.problem());
            }
        }
    }

    // ---- frames in

    @Nullable
    ErrorCode receive(Frame frame) {
        return receive(frame, false);
    }

    /** @param inLane in the one of a half, in place of that of control */
    @Nullable
    ErrorCode receive(Frame frame, boolean inLane) {
        if (frame instanceof StreamFrame.Data d) {
            byte[] bytes = d.payload().toByteArray();
            if (isDatagram(frame)) {
                return table.onDatagram(d.handle(), d.offset(), bytes, 0, bytes.length, bytes.length);
            }
            return table.onData(d.handle(), d.first(), d.last(), d.total(), bytes, 0, bytes.length, bytes.length);
        } else if (frame instanceof StreamFrame.Open f) {
            return table.onOpen(f);
        } else if (frame instanceof CreditFrame.Window f) {
            return table.onWindow(f);
        } else if (frame instanceof CreditFrame.Blocked f) {
            return table.onBlocked(f);
        } else if (frame instanceof StreamFrame.Close f) {
            return table.onClose(f);
        } else if (frame instanceof StreamFrame.Reset f) {
            return table.onReset(f);
        } else if (frame instanceof StreamFrame.Stop f) {
            return table.onStop(f);
        } else if (frame instanceof StreamFrame.Datagrams f) {
            return table.onDatagrams(f, inLane);
        } else if (frame instanceof SessionFrame.Goaway f) {
            return table.onPeerGoaway(f.lastHandle());
        }
        throw new AssertionError("unexpected " + frame);
    }

    void hello(Side peer) {
        table.onPeerHello(peer.table.ownHello(Hello.defaults().withFeatures(Hello.APPLICATION_ERRORS)));
    }

    // ---- invariants

    /** Memory reserved is what the windows and the promised opens add up to. */
    void checkAccounts() {
        long windows = probes.stream()
                .map(Probe::epoch)
                .distinct()
                .mapToLong(e -> e.receiving().reservedBytes())
                .sum();
        windows +=
                waiting.stream().mapToLong(e -> e.receiving().reservedBytes()).sum();
        long promised = (table.openLimit() - Frame.FIRST_HANDLE - opened()) * settings.initialWindowBytes();
        expect(
                budget.reserved() == windows + promised,
                "reserved " + budget.reserved() + ", windows " + windows + ", promised " + promised);
    }

    long opened;
    int memoryShort;

    private long opened() {
        return opened;
    }

    void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(name + ": " + otherwise);
        }
    }

    // ---- host

    @Override
    public void onMemoryShort() {
        memoryShort++;
    }

    @Override
    public void onIncoming(StreamEpoch epoch) {
        switch (policy) {
            case ACCEPT -> accept(epoch);
            case REFUSE -> table.refuse(epoch, ErrorCode.REFUSED);
            case LEAVE -> waiting.add(epoch);
        }
    }

    @Override
    public void onWithdrawn(StreamEpoch epoch) {
        withdrawn++;
        expect(waiting.remove(epoch), "withdrawn without waiting");
    }

    @Override
    public void onControlPending() {
        controlPending++;
    }

    @Override
    public long nowNanos() {
        return now;
    }

    @Override
    public long rttNanos() {
        return 1_000_000;
    }

    @Override
    public boolean reservePayload(StreamEpoch epoch, long bytes) {
        if (reservesAtOnce) {
            payloadBytes += bytes;
            return true;
        }
        payloadsWaiting.add(() -> {
            payloadBytes += bytes;
            epoch.receiving().onPayloadReserved();
        });
        return false;
    }

    @Override
    public void releasePayload(StreamEpoch epoch, long bytes) {
        payloadBytes -= bytes;
        expect(payloadBytes >= 0, "payload memory released twice");
    }
}
