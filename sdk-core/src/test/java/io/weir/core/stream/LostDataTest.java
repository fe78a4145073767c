package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.PacketLedger;
import io.weir.core.wire.StreamFrame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Elements in packets that are lost, repeated and reordered: a reliable half delivers all, the other one what comes in time. */
class LostDataTest {

    private static final StreamId ID = new StreamId(7);
    private static final int WINDOW = 2_000;
    private static final int PACKET = 200;

    private final Side a = side("A", Reliability.RELIABLE);
    private final Side b = side("B", Reliability.RELIABLE);

    private static Side side(String name, Reliability reliability) {
        StreamSettings settings = new StreamSettings(WINDOW, 12, 65_536).withOrder(FrameOrder.NONE);
        Side side = new Side(name, settings, 1 << 20, SidePair.record(PACKET));
        StreamConfig config = reliability == Reliability.RELIABLE ? StreamConfig.reliable() : StreamConfig.defaults();
        side.config = config.withFixedWindow(WINDOW);
        return side;
    }

    // ---- each by itself

    @Test
    void everyPacketWithDataCarriesOpenUntilOneIsAcknowledged() {
        new SidePair(a, b);
        Probe probe = a.open(ID);
        Packet first = Packet.of(a, out -> {});
        Packet second = Packet.of(a, out -> write(probe, out, new byte[100]));
        Packet third = Packet.of(a, out -> write(probe, out, new byte[100]));
        assertThat(first.kinds()).containsExactly("OPEN");
        assertThat(second.kinds()).containsExactly("OPEN", "DATA");
        assertThat(third.kinds()).containsExactly("OPEN", "DATA");

        second.ledger.onAcked();

        assertThat(Packet.of(a, out -> write(probe, out, new byte[100])).kinds())
                .containsExactly("DATA");
    }

    @Test
    void dataThatIsLostGoesAgainWithItsOpenUntilItIsAcknowledged() {
        new SidePair(a, b);
        Probe probe = a.open(ID);
        Packet.of(a, out -> {});
        Packet lost = Packet.of(a, out -> {
            write(probe, out, new byte[] {1, 2});
            write(probe, out, new byte[] {3});
        });
        lost.ledger.onLost();
        assertThat(a.table.hasControl()).isTrue();

        Packet again = Packet.of(a, out -> {});

        assertThat(again.kinds()).containsExactly("OPEN", "DATA", "DATA");
        assertThat(again.bytes).isEqualTo(lost.bytes);
        again.ledger.onLost();
        lost.ledger.onAcked();
        assertThat(Packet.of(a, out -> {}).kinds()).as("it has come").isEmpty();
    }

    @Test
    void aSmallerPacketCutsWhatIsWrittenAgain() {
        new SidePair(a, b);
        Probe probe = a.open(ID);
        Packet open = Packet.of(a, out -> {});
        open.deliver(b);
        open.ledger.onAcked();
        byte[] element = new byte[150];
        new Random(1).nextBytes(element);
        Packet lost = Packet.of(a, out -> {
            write(probe, out, new byte[] {9});
            write(probe, out, element);
        });
        lost.ledger.onLost();

        for (Packet part = Packet.of(a, 40, out -> {}); part.bytes.length > 0; part = Packet.of(a, 40, out -> {})) {
            assertThat(part.bytes.length).isLessThanOrEqualTo(40);
            part.deliver(b);
        }

        assertThat(b.last().elements).containsExactly(new byte[] {9}, element);
    }

    @ParameterizedTest
    @EnumSource
    void anElementIsCutWhereThePacketHasRoomForMuchOfItAndItsHalfIsReliable(Reliability reliability) {
        Side sender = side("A", reliability);
        new SidePair(sender, side("B", reliability));
        SendHalf half = sender.open(ID).epoch().sending();
        Packet.of(sender, out -> {}).ledger.onAcked();

        assertThat(half.begin(filled(1_000, 700), 500))
                .isEqualTo(reliability == Reliability.RELIABLE ? Write.NEEDS_FRAGMENTS : Write.RECORD_FULL);
        assertThat(half.begin(filled(1_000, 800), 500)).isEqualTo(Write.RECORD_FULL);
    }

    /** A packet of so many bytes, of which so many are written. */
    private static FrameWriter filled(int bytes, int written) {
        FrameWriter out = new FrameWriter(bytes, bytes);
        out.reset(new PacketLedger(), bytes);
        out.padTo(written);
        return out;
    }

    @Test
    void whatComesLateOfAPacketMeansNothingToTheArrayThatIsUsedAgain() {
        new SidePair(a, b);
        Probe probe = a.open(ID);
        Packet.of(a, out -> {}).ledger.onAcked();
        Packet lost = Packet.of(a, out -> write(probe, out, new byte[] {1, 2, 3}));
        Packet underWay = Packet.of(a, out -> write(probe, out, new byte[] {4}));
        lost.ledger.onLost();
        Packet again = Packet.of(a, out -> {});
        lost.ledger.onAcked();
        Packet next = Packet.of(a, out -> write(probe, out, new byte[] {7, 8, 9}));

        again.ledger.onAcked();
        again.ledger.onLost();
        next.ledger.onLost();

        assertThat(probe.epoch().sending().heldBytes()).isEqualTo(underWay.bytes.length + next.bytes.length);
        assertThat(Packet.of(a, out -> {}).bytes).isEqualTo(next.bytes);
    }

    @Test
    void nothingIsKeptOfWhatIsAcknowledgedAndOfHalvesThatAreOver() {
        new SidePair(a, b);
        Probe probe = a.open(ID);
        Packet.of(a, out -> {}).ledger.onAcked();
        Packet acked = Packet.of(a, out -> write(probe, out, new byte[10]));
        Packet lost = Packet.of(a, out -> write(probe, out, new byte[10]));
        assertThat(probe.epoch().sending().heldBytes()).isEqualTo(acked.bytes.length + lost.bytes.length);

        acked.ledger.onAcked();
        assertThat(probe.epoch().sending().heldBytes()).isEqualTo(lost.bytes.length);

        lost.ledger.onLost();
        probe.epoch().sending().reset(ErrorCode.CANCELLED);
        assertThat(probe.epoch().sending().heldBytes()).isZero();
        assertThat(Packet.of(a, out -> {}).kinds()).containsExactly("RESET");
    }

    @Test
    void ofAFireAndForgetHalfNothingIsKept() {
        Side sender = side("A", Reliability.FIRE_AND_FORGET);
        new SidePair(sender, b);
        Probe probe = sender.open(ID);
        Packet open = Packet.of(sender, out -> {});
        open.deliver(b);
        open.ledger.onAcked();
        Packet lost = Packet.of(sender, out -> write(probe, out, new byte[] {1}));
        Packet comes = Packet.of(sender, out -> write(probe, out, new byte[] {2}));

        lost.ledger.onLost();
        comes.deliver(b);

        assertThat(Packet.of(sender, out -> {}).kinds()).isEmpty();
        assertThat(b.last().elements).containsExactly(new byte[] {2});
    }

    @Test
    void aFireAndForgetElementAboveTheWindowPassesWhereNothingIsLost() {
        Side sender = side("A", Reliability.FIRE_AND_FORGET);
        new SidePair(sender, b);
        Sender large = new Sender(sender, sender.open(ID));
        byte[] element = new byte[3 * WINDOW];
        new Random(1).nextBytes(element);
        large.offered.add(element);
        for (int i = 0; i < 100; i++) {
            Packet there = Packet.of(sender, large::writeInto);
            there.deliver(b);
            there.ledger.onAcked();
            b.last().epoch().receiving().demand(true);
            Packet back = Packet.of(b, out -> {});
            back.deliver(sender);
            back.ledger.onAcked();
        }

        assertThat(b.last().elements).containsExactly(element);
        assertThat(b.payloadBytes).as("memory of it").isZero();
    }

    private static void write(Probe probe, FrameWriter out, byte[] element) {
        SendHalf half = probe.epoch().sending();
        assertThat(half.begin(out, element.length)).isEqualTo(Write.OK);
        out.payload().put(element);
        half.endElement(out);
    }

    // ---- all together

    @ParameterizedTest
    @EnumSource
    @Tag("long")
    void overALinkThatLosesRepeatsAndReordersHalvesKeepTheirWord(Reliability reliability) {
        for (long seed = 0; seed < 2_000; seed++) {
            Run run = new Run(new Random(seed), reliability);
            try {
                run.commands(50 + (int) (seed % 300));
                run.finish();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + run.trace, e);
            }
        }
    }

    private record Packet(byte[] bytes, PacketLedger ledger) {

        static Packet of(Side from, Consumer<FrameWriter> elements) {
            return of(from, PACKET, elements);
        }

        static Packet of(Side from, int most, Consumer<FrameWriter> elements) {
            PacketLedger ledger = new PacketLedger();
            FrameWriter out = new FrameWriter(most, most);
            out.reset(ledger);
            from.table.writeControl(out);
            elements.accept(out);
            from.table.writeControl(out);
            return new Packet(Arrays.copyOf(out.array(), out.position()), ledger);
        }

        void deliver(Side to) {
            FrameReader reader = new FrameReader();
            reader.reset(bytes, 0, bytes.length);
            while (true) {
                ErrorCode violation;
                String what;
                switch (reader.next()) {
                    case DATA -> {
                        what = reader.data().toString();
                        violation = to.table.onUnorderedData(
                                reader.handle(),
                                reader.first(),
                                reader.last(),
                                reader.dataOffset(),
                                reader.seq(),
                                reader.total(),
                                bytes,
                                reader.payloadOffset(),
                                reader.payloadLength(),
                                bytes.length);
                    }
                    case FRAME -> {
                        Frame frame = reader.frame();
                        if (frame instanceof StreamFrame.Open) {
                            to.opened = 1;
                        }
                        what = frame.toString();
                        violation = to.receive(frame);
                    }
                    case END -> {
                        return;
                    }
                    default -> throw new AssertionError(reader.problem());
                }
                to.expect(violation == null, "session ends with " + violation + " at " + what);
            }
        }

        List<String> kinds() {
            List<String> kinds = new ArrayList<>();
            FrameReader reader = new FrameReader();
            reader.reset(bytes, 0, bytes.length);
            while (true) {
                switch (reader.next()) {
                    case DATA -> kinds.add("DATA");
                    case FRAME -> kinds.add(reader.frame().type().toString());
                    case END -> {
                        return kinds;
                    }
                    default -> throw new AssertionError(reader.problem());
                }
            }
        }
    }

    /** One stream, on which both sides send numbered elements of all sizes; the larger ones go in fragments. */
    private static final class Run {

        private record Flying(Side to, Packet packet) {}

        final List<Object> trace = new ArrayList<>();
        private final Random random;
        private final Reliability reliability;
        private final SidePair pair;
        private final List<Flying> flying = new ArrayList<>();
        private final Sender[] senders = new Sender[2];

        Run(Random random, Reliability reliability) {
            this.random = random;
            this.reliability = reliability;
            pair = new SidePair(side("A", reliability), side("B", reliability));
            pair.a.takes = random.nextBoolean();
            pair.b.takes = random.nextBoolean();
            senders[0] = new Sender(pair.a, pair.a.open(ID));
        }

        void commands(int steps) {
            for (int i = 0; i < steps; i++) {
                Side side = random.nextBoolean() ? pair.a : pair.b;
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> packet(side);
                    case 3, 4, 5 -> deliver(true);
                    case 6 -> consume(side);
                    default -> offer(side);
                }
            }
        }

        /** All that was offered goes out, and nothing is lost for ever. */
        void finish() {
            boolean closed = false;
            for (int i = 0; ; i++) {
                assertThat(i)
                        .as("it never ends: %s, %s", pair.a.last().epoch, pair.b.probes)
                        .isLessThan(20_000);
                packet(pair.a);
                packet(pair.b);
                deliver(i < 500);
                consume(pair.a);
                consume(pair.b);
                boolean sent =
                        Arrays.stream(senders).allMatch(s -> s != null && s.offered.isEmpty() && s.partly == null);
                if (sent && !closed) {
                    closed = true;
                    Arrays.stream(senders)
                            .forEach(s -> s.probe.epoch().sending().close());
                }
                if (closed && flying.isEmpty() && Arrays.stream(senders).allMatch(s -> s.probe.ended == 1)) {
                    break;
                }
            }
            check(senders[0], senders[1]);
            check(senders[1], senders[0]);
            pair.checkClean();
        }

        private void check(Sender from, Sender to) {
            List<String> sent = from.sent.stream().map(Run::describe).toList();
            List<String> came = to.probe.elements.stream().map(Run::describe).toList();
            if (reliability == Reliability.RELIABLE) {
                assertThat(came).isEqualTo(sent);
            } else if (!came.isEmpty()) {
                assertThat(sent).containsSubsequence(came);
            }
            assertThat(to.probe.told).contains("receiveEnded null");
            assertThat(from.probe.epoch().sending().heldBytes()).isZero();
        }

        private static String describe(byte[] element) {
            return element.length + " bytes " + Arrays.hashCode(element);
        }

        private void offer(Side side) {
            Sender sender = sender(side);
            if (sender != null && sender.offered.size() < 10) {
                byte[] element = new byte[random.nextInt(5) == 0 ? random.nextInt(3_000) : random.nextInt(150)];
                random.nextBytes(element);
                sender.offered.add(element);
                sender.sent.add(element);
            }
        }

        private @Nullable Sender sender(Side side) {
            int which = side == pair.a ? 0 : 1;
            if (senders[which] == null && !side.probes.isEmpty()) {
                senders[which] = new Sender(side, side.last());
            }
            return senders[which];
        }

        private void consume(Side side) {
            Sender sender = sender(side);
            if (sender != null) {
                sender.probe.epoch().receiving().demand(true);
                while (random.nextInt(3) > 0 && side.consume(sender.probe)) {
                    // as many as chance decides
                }
            }
        }

        private void packet(Side side) {
            Sender sender = sender(side);
            int size = random.nextInt(4) == 0 ? 100 + random.nextInt(100) : PACKET;
            Packet packet = Packet.of(side, size, out -> {
                if (sender != null) {
                    sender.writeInto(out);
                }
            });
            if (packet.bytes.length > 0) {
                trace.add(side.name + " writes " + packet.kinds());
                flying.add(new Flying(pair.other(side), packet));
            }
        }

        private void deliver(boolean badly) {
            if (flying.isEmpty()) {
                return;
            }
            int at = random.nextInt(Math.min(flying.size(), 5));
            Flying next = flying.get(at);
            int fate = badly ? random.nextInt(10) : 9;
            if (fate < 2) {
                trace.add("lost for " + next.to.name);
                flying.remove(at);
                next.packet.ledger.onLost();
                return;
            }
            if (fate == 2) {
                next.packet.ledger.onLost(); // not true: it comes later
                return;
            }
            if (fate > 3) {
                flying.remove(at); // else it comes again
            }
            trace.add(next.to.name + " gets " + next.packet.kinds());
            next.packet.deliver(next.to);
            if (fate > 3 || random.nextBoolean()) {
                next.packet.ledger.onAcked();
            }
        }
    }

    private static final class Sender {
        final Side side;
        final Probe probe;
        final Deque<byte[]> offered = new ArrayDeque<>();
        final List<byte[]> sent = new ArrayList<>();

        @Nullable
        ByteBuffer partly;

        Sender(Side side, Probe probe) {
            this.side = side;
            this.probe = probe;
        }

        void writeInto(FrameWriter out) {
            SendHalf half = probe.epoch().sending();
            while (half.writable() && (partly != null || !offered.isEmpty())) {
                if (partly == null) {
                    byte[] element = offered.element();
                    Write result = half.begin(out, element.length);
                    if (result == Write.OK) {
                        out.payload().put(element);
                        half.endElement(out);
                        offered.remove();
                        continue;
                    }
                    if (result != Write.NEEDS_FRAGMENTS) {
                        return;
                    }
                    partly = ByteBuffer.wrap(element);
                }
                if (half.write(out, partly) != Write.DONE) {
                    return;
                }
                partly = null;
                offered.remove();
            }
        }
    }
}
