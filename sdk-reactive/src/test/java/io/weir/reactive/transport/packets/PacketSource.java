package io.weir.reactive.transport.packets;

import io.weir.core.schedule.DeficitRoundRobin;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.PacketLedger;
import io.weir.core.wire.SessionFrame;
import io.weir.reactive.transport.Carrier;
import io.weir.reactive.transport.FrameSink;
import io.weir.reactive.transport.HalfLane;
import io.weir.reactive.transport.Lanes;
import io.weir.reactive.transport.lanes.Delays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * Fills packets from the lanes of a session, each with its ledger, and decides what becomes of them:
 *
 * <pre>
 *   written --8 of 10--&gt; on its way --comes--&gt; acknowledged
 *      |                     |                   ^
 *      | 1 of 10             | 1 of 10           | late: it came all the same
 *      v                     v                   |
 *    lost -----------&gt; declared lost ------------+
 * </pre>
 *
 * A packet is held back now and then, so is what tells that it has come, which may be lost too. Not more than
 * {@value #MOST_LOST} packets in a row are lost.
 */
final class PacketSource implements Lanes {

    /** Of frames, as many as fit in a datagram of 1,200 bytes. */
    static final int PACKET_BYTES = 1_171;

    private static final int MOST_UNDER_WAY = 32;
    private static final int MOST_LOST = 10;
    private static final int QUANTUM = 8 * 1024;

    private final Lanes lanes;
    private final FrameSink sink;
    private final Carrier below;
    private final Delays delays;
    private final SplittableRandom random;
    private final DeficitRoundRobin<FrameWriter> halves = new DeficitRoundRobin<>(QUANTUM);
    private final FrameWriter writer = new FrameWriter(PACKET_BYTES, PACKET_BYTES);
    private final Map<Long, PacketLedger> ledgers = new HashMap<>();
    private final Map<Long, PacketLedger> underWay = new HashMap<>();
    private final List<Frame> ready = new ArrayList<>();
    private final Disposable.Composite waits = Disposables.composite();
    private long nextNumber;
    private int lostInRow;
    private boolean awake;
    private boolean flushed;
    private boolean closed;

    PacketSource(Lanes lanes, FrameSink sink, Carrier below, Delays delays, SplittableRandom random) {
        this.lanes = lanes;
        this.sink = sink;
        this.below = below;
        this.delays = delays;
        this.random = random;
    }

    // ---- what the session tells its carrier

    void onWoken() {
        awake = true;
    }

    void onWoken(HalfLane half) {
        halves.activate(half);
        awake = true;
    }

    void forget(HalfLane half) {
        halves.remove(half);
    }

    boolean hasRoom() {
        return underWay.size() < MOST_UNDER_WAY;
    }

    void close() {
        closed = true;
        waits.dispose();
        ready.clear();
        ledgers.clear();
        underWay.clear();
    }

    // ---- what the other end tells

    /** A packet has come: the other end is told, sooner or later or not at all. */
    void onCame(long number) {
        if (random.nextInt(20) > 0) {
            later(new SessionFrame.Pong(number));
        }
    }

    void onAcked(long number) {
        PacketLedger ledger = ledgers.remove(number);
        underWay.remove(number);
        if (ledger != null) {
            ledger.onAcked();
            wake();
        }
    }

    // ---- what the carrier below asks

    @Override
    public void begin() {
        // each packet is begun when it is made
    }

    @Override
    public void control(FrameWriter record) {
        do {
            emit(record);
        } while (!closed && !record.isFull() && makePacket());
        emit(record);
    }

    @Override
    public boolean isFinished() {
        return false; // END may be lost
    }

    @Override
    public void messages(FrameWriter out, int upToPosition) {
        // all is in control
    }

    @Override
    public void controlBehindHalves(FrameWriter out) {
        // nor do halves go beside it
    }

    @Override
    public void complete(FrameWriter out) {
        // each packet was told
    }

    @Override
    public boolean half(HalfLane half, FrameWriter out) {
        throw new IllegalStateException("asked for lanes apart");
    }

    @Override
    public long message(FrameWriter out) {
        throw new IllegalStateException("asked for lanes apart");
    }

    @Override
    public boolean mayFollow(long lane) {
        throw new IllegalStateException("asked for lanes apart");
    }

    @Override
    public void sent(int bytes) {
        throw new IllegalStateException("asked for lanes apart");
    }

    // ---- packets

    /** False if there is nothing to say, or no room. */
    private boolean makePacket() {
        if (!awake || !hasRoom()) {
            return false;
        }
        PacketLedger ledger = new PacketLedger();
        writer.reset(ledger);
        fill();
        if (closed || writer.isEmpty()) {
            awake = false;
            return false;
        }
        long number = nextNumber++;
        ledgers.put(number, ledger);
        underWay.put(number, ledger);
        decide(number, Bytes.copyOf(Arrays.copyOf(writer.array(), writer.position())));
        if (lanes.isFinished() && !flushed) {
            flushed = true;
            below.loop().execute(sink::onFlushed);
        }
        return true;
    }

    private void fill() {
        lanes.begin();
        lanes.control(writer);
        lanes.messages(writer, halves.isEmpty() ? PACKET_BYTES : PACKET_BYTES / 2);
        if (!writer.isFull()) {
            halves.fill(writer);
            lanes.controlBehindHalves(writer);
        }
        lanes.messages(writer, PACKET_BYTES);
        lanes.complete(writer);
    }

    private void decide(long number, Bytes frames) {
        int fate = random.nextInt(10);
        boolean lost = fate == 0 && lostInRow < MOST_LOST;
        lostInRow = lost ? lostInRow + 1 : 0;
        if (!lost) {
            later(new MessageFrame(MessageType.ONE_WAY, 1, 0, number, "", Headers.empty(), frames));
        }
        if (fate == 1) {
            wait(() -> declareLost(number)); // soon, and it may well come
        } else {
            giveUpLater(number, 8);
        }
    }

    /** What nothing was heard of for some time is lost. */
    private void giveUpLater(long number, int waitsLeft) {
        if (waitsLeft == 0) {
            declareLost(number);
        } else {
            wait(() -> giveUpLater(number, waitsLeft - 1));
        }
    }

    private void declareLost(long number) {
        PacketLedger ledger = underWay.remove(number);
        if (ledger != null) {
            ledger.onLost();
            wake();
        }
    }

    private void later(Frame frame) {
        if (random.nextInt(3) > 0) {
            ready.add(frame);
            wake();
        } else {
            wait(() -> {
                ready.add(frame);
                wake();
            });
        }
    }

    private void wait(Runnable task) {
        Disposable[] self = new Disposable[1];
        self[0] = delays.after(random, below.loop(), () -> {
            if (self[0] != null) {
                waits.remove(self[0]);
            }
            if (!closed) {
                task.run();
            }
        });
        waits.add(self[0]);
    }

    private void wake() {
        awake = true;
        below.wake();
    }

    private void emit(FrameWriter record) {
        while (!ready.isEmpty() && !record.isFull()) {
            int at = random.nextInt(Math.min(ready.size(), 4));
            if (!record.write(ready.get(at))) {
                return;
            }
            ready.remove(at);
        }
    }
}
