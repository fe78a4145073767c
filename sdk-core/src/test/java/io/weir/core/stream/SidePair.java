package io.weir.core.stream;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.StreamFrame;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Two ends of a session, joined by two queues of frames that went through the real codec. */
final class SidePair {

    /** The lane of everything but DATA. */
    static final long CONTROL = 0;

    /** That of datagrams, in which there is no order. */
    static final long DATAGRAMS = -1;

    /** One datagram of so many is lost. */
    private static final int ONE_LOST_OF = 4;

    final Side a;
    final Side b;
    /** Decides which lane's frame comes next, where they keep no order between them; null on an ordered link. */
    @Nullable
    Random lanes;
    /** Frames delivered, for messages. */
    final List<Object> trace = new ArrayList<>();

    SidePair(StreamSettings settings, long budgetBytes) {
        this(new Side("A", settings, budgetBytes), new Side("B", settings, budgetBytes));
    }

    SidePair(Side a, Side b) {
        this.a = a;
        this.b = b;
        a.hello(b);
        b.hello(a);
    }

    static SidePair small() {
        return small(FrameOrder.TOTAL);
    }

    static SidePair small(FrameOrder order) {
        StreamSettings settings = new StreamSettings(1_024, 64, 65_536).withOrder(order);
        return new SidePair(
                new Side("A", settings, 1 << 20, record(512)), new Side("B", settings, 1 << 20, record(512)));
    }

    static FrameWriter record(int max) {
        return new FrameWriter(max / 2, max);
    }

    Side other(Side side) {
        return side == a ? b : a;
    }

    /** Delivers the oldest frame that this side has sent; where lanes keep no order between them, the oldest of any. */
    void deliverFrom(Side from) {
        Random random = lanes;
        if (random == null) {
            deliver(from, from.sent.remove());
        } else {
            List<Long> waiting = List.copyOf(lanesOf(from));
            long lane = waiting.get(random.nextInt(waiting.size()));
            if (lane == DATAGRAMS) {
                deliverDatagram(from, random);
            } else {
                deliverFrom(from, lane);
            }
        }
    }

    private void deliverDatagram(Side from, Random random) {
        List<Frame> waiting = inLane(from, DATAGRAMS);
        Frame one = waiting.get(random.nextInt(waiting.size()));
        from.sent.removeIf(frame -> frame == one);
        if (random.nextInt(ONE_LOST_OF) == 0) {
            trace.add(from.name + " loses");
            trace.add(one);
        } else {
            deliver(from, one);
        }
    }

    /** Delivers the oldest frame of one lane. */
    void deliverFrom(Side from, long lane) {
        for (Iterator<Frame> frames = from.sent.iterator(); frames.hasNext(); ) {
            Frame frame = frames.next();
            if (lane(from, frame) == lane) {
                frames.remove();
                deliver(from, frame);
                return;
            }
        }
        throw new IllegalStateException("nothing is in lane " + lane);
    }

    /** What waits in one lane, oldest first. */
    List<Frame> inLane(Side from, long lane) {
        return from.sent.stream().filter(frame -> lane(from, frame) == lane).toList();
    }

    /** The lanes in which something waits: {@link #CONTROL}, {@link #DATAGRAMS}, and the handles of halves whose DATA does. */
    Set<Long> lanesOf(Side from) {
        Set<Long> waiting = new TreeSet<>();
        from.sent.forEach(frame -> waiting.add(lane(from, frame)));
        return waiting;
    }

    private static long lane(Side from, Frame frame) {
        if (from.isDatagram(frame)) {
            return DATAGRAMS;
        }
        if (frame instanceof StreamFrame.Datagrams announced && from.inLaneOfHalf.contains(frame)) {
            return announced.handle();
        }
        return frame instanceof StreamFrame.Data data ? data.handle() : CONTROL;
    }

    private void deliver(Side from, Frame frame) {
        trace.add(from.name);
        trace.add(frame);
        Side to = other(from);
        if (frame instanceof StreamFrame.Open) {
            to.opened++;
        }
        ErrorCode violation = to.receive(frame, from.inLaneOfHalf.remove(frame));
        to.expect(violation == null, "session ends with " + violation + " at " + frame);
    }

    /** Writes and delivers until nothing is left to say; false if nothing was. */
    boolean settle() {
        int rounds = 0;
        while (a.table.hasControl() || b.table.hasControl() || !a.sent.isEmpty() || !b.sent.isEmpty()) {
            for (Side side : List.of(a, b)) {
                long before = side.sent.size();
                if (side.table.hasControl()) {
                    side.pump();
                }
                while (!side.sent.isEmpty()) {
                    deliverFrom(side);
                }
                side.expect(rounds++ < 100_000, "control frames never end, " + before);
            }
        }
        return rounds > 0;
    }

    /** Ends everything on both sides and checks that nothing is left. */
    void endAll() {
        for (Side side : List.of(a, b)) {
            side.policy = Side.Policy.REFUSE;
            for (Probe probe : List.copyOf(side.probes)) {
                probe.epoch().evict(ErrorCode.CANCELLED);
            }
            while (!side.waiting.isEmpty()) {
                side.table.refuse(side.waiting.remove(), ErrorCode.REFUSED);
            }
        }
        settle();
        checkClean();
    }

    /** Both sides agree that everything has ended, and have everything back. */
    void checkClean() {
        for (Side side : List.of(a, b)) {
            side.expect(side.table.liveStreams() == 0, "streams live: " + side.table.liveStreams());
            side.expect(side.table.remembered() == 0, "remembered: " + side.table.remembered());
            side.expect(side.table.peerOpens() == 0, "open credit not returned: " + side.table.peerOpens());
            side.expect(side.table.unclaimedStreams() == 0, "unclaimed: " + side.table.unclaimedStreams());
            side.expect(side.payloadBytes == 0, "payload memory: " + side.payloadBytes);
            side.checkAccounts();
            for (Probe probe : side.probes) {
                side.expect(
                        probe.sendEnded == 1 && probe.receiveEnded == 1 && probe.ended == 1,
                        probe.epoch() + " was told " + probe.told);
            }
        }
    }

    /** With nothing on its way, what lives on one side lives on the other, with the same epoch and the same handles. */
    void checkAgreement() {
        checkCounterparts(a, b);
        checkCounterparts(b, a);
        checkAgreementOfAccounts();
    }

    void checkAgreementOfAccounts() {
        a.checkAccounts();
        b.checkAccounts();
    }

    private static void checkCounterparts(Side side, Side peer) {
        List<StreamEpoch> epochs = living(side);
        List<StreamEpoch> theirs = living(peer);
        side.expect(side.table.liveStreams() == epochs.size(), "zombies: " + side.table.liveStreams());
        for (StreamEpoch e : epochs) {
            if (e.isPrivate()) {
                continue; // waits for open credit
            }
            StreamEpoch other = theirs.stream()
                    .filter(t -> t.id().equals(e.id()) && t.epoch() == e.epoch())
                    .findFirst()
                    .orElse(null);
            side.expect(other != null, e + " has no counterpart");
            if (other != null) {
                side.expect(e.sending().opened() != other.receiving().awaiting(), e + " opened, but not heard of");
                side.expect(
                        e.sending().handle() == other.receiving().handle(),
                        e + " is paired by handle " + e.sending().handle() + " and "
                                + other.receiving().handle());
                side.expect(
                        e.sending().confirmed() == other.receiving().confirmed(),
                        e + ": the halves disagree about their end");
            }
        }
    }

    private static List<StreamEpoch> living(Side side) {
        List<StreamEpoch> result = new ArrayList<>();
        side.probes.stream()
                .map(Probe::epoch)
                .distinct()
                .filter(e -> !e.isOver())
                .forEach(result::add);
        result.addAll(side.waiting);
        return result;
    }
}
