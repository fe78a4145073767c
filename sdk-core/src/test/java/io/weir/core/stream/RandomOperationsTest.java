package io.weir.core.stream;

import io.weir.core.credit.Cost;
import io.weir.core.error.ApplicationException;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.FrameWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random sequences of operations at both ends, each from a seed that a failure prints. */
@Tag("long")
class RandomOperationsTest {

    private static final int MAX_PAYLOAD = 4_000;

    @Test
    void anySequenceOfOperationsEndsInAgreement() {
        anySequenceEndsInAgreement(3_000, FrameOrder.TOTAL);
    }

    @Test
    void anySequenceOfOperationsEndsInAgreementWhereHalvesOvertakeControl() {
        anySequenceEndsInAgreement(2_000, FrameOrder.PER_HALF);
    }

    /** What is sent without reliability goes by datagrams while it fits, of which one in four is lost and the others come in any order. */
    @Test
    void anySequenceOfOperationsEndsInAgreementWhereDatagramsAreLost() {
        anySequenceEndsInAgreement(2_000, FrameOrder.PER_HALF_DATAGRAMS);
    }

    private static void anySequenceEndsInAgreement(int seeds, FrameOrder order) {
        for (long seed = 0; seed < seeds; seed++) {
            Simulation simulation = new Simulation(seed, false, order);
            try {
                simulation.run(20 + (int) (seed % 400));
                simulation.pair.settle();
                simulation.pair.checkAgreement();
                simulation.checkElements();
                simulation.quiet = true;
                simulation.pair.endAll();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + simulation.pair.trace, e);
            }
        }
    }

    @Test
    void whatIsSentReliablyArrivesWhateverTheWindowsAndConsumers() {
        whatIsSentReliablyArrives(FrameOrder.TOTAL);
    }

    @Test
    void whatIsSentReliablyArrivesWhereHalvesOvertakeControl() {
        whatIsSentReliablyArrives(FrameOrder.PER_HALF);
    }

    private static void whatIsSentReliablyArrives(FrameOrder order) {
        for (long seed = 0; seed < 1_000; seed++) {
            Simulation simulation = new Simulation(seed, true, order);
            try {
                simulation.run(100);
                simulation.finishTransfers();
                simulation.checkElements();
                simulation.checkEverythingArrived();
                simulation.pair.endAll();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + simulation.pair.trace, e);
            }
        }
    }

    /** What one sending half is doing. */
    private static final class Sender {
        final List<byte[]> begun = new ArrayList<>();

        /** How many of these went by datagrams. */
        int byDatagrams;

        @Nullable
        ByteBuffer partly;
        /** Sizes in the order in which they are to be sent; the first stays until it is sent. */
        byte @Nullable [] next;
        /** What the half was closed with; null while it was not. */
        @Nullable
        ErrorCode closedWith;

        /** Ends the half behind what was begun: a code that nothing else ends a half with, or completion. */
        void close(SendHalf half, ErrorCode code) {
            if (!half.ended()) {
                closedWith = code;
            }
            half.close(code);
        }

        /** The same with an error of the application, which may have to wait for credit. */
        void close(SendHalf half, ApplicationException error) {
            if (!half.ended()) {
                closedWith = ErrorCode.APPLICATION_ERROR;
            }
            half.close(error);
        }
    }

    private static final class Simulation {
        final SidePair pair;
        private final Random random;
        private final boolean transfersOnly;
        private final FrameOrder order;
        private final Map<Probe, Sender> senders = new HashMap<>();
        private final int ids;
        /** Listeners give no more commands. */
        boolean quiet;

        private final int datagramBytes;
        private byte tag;

        Simulation(long seed, boolean transfersOnly, FrameOrder order) {
            this.random = new Random(seed);
            this.order = order;
            this.transfersOnly = transfersOnly;
            this.ids = 1 + random.nextInt(3);
            this.datagramBytes = order == FrameOrder.PER_HALF_DATAGRAMS ? 60 + random.nextInt(1_200) : 0;
            pair = new SidePair(side("A"), side("B"));
            pair.lanes = order == FrameOrder.TOTAL ? null : random;
        }

        private Side side(String name) {
            long window = 16 + random.nextInt(1_000);
            int maxStreams = transfersOnly ? 16 : 1 + random.nextInt(20);
            StreamSettings settings = new StreamSettings(window, maxStreams, MAX_PAYLOAD, 3, 64).withOrder(order);
            FrameWriter writer = SidePair.record(80 + datagramBytes + random.nextInt(2_000));
            Side side = new Side(name, settings, 20 * window + random.nextInt(20_000), writer);
            side.config = config();
            side.takes = random.nextBoolean();
            side.reservesAtOnce = random.nextBoolean();
            if (!transfersOnly) {
                side.onNewProbe = probe -> {
                    probe.onElement = () -> commandFromInside(side, probe);
                    probe.onHalfEnded = probe.onElement;
                };
            }
            return side;
        }

        private StreamConfig config() {
            StreamConfig config =
                    random.nextBoolean() || transfersOnly ? StreamConfig.reliable() : StreamConfig.fireAndForget();
            return switch (random.nextInt(3)) {
                case 0 -> config.withFixedWindow(16 + random.nextInt(2_000));
                case 1 -> config.withWindow(16 + random.nextInt(2_000)).withMaxWindow(20_000);
                default -> config.withWindow(StreamConfig.GROW_FREELY);
            };
        }

        void run(int steps) {
            for (int i = 0; i < steps; i++) {
                Side side = random.nextBoolean() ? pair.a : pair.b;
                side.now += random.nextInt(1_000_000);
                step(side);
                pair.checkAgreementOfAccounts();
            }
        }

        private void step(Side side) {
            int choice = random.nextInt(transfersOnly ? 16 : 25);
            if (choice < 4) {
                deliver(side);
            } else if (choice < 7) {
                side.pump();
            } else if (choice < 8) {
                open(side);
            } else if (choice < 9) {
                claim(side);
            } else if (choice == 24) {
                if (random.nextInt(25) == 0) {
                    side.goAway();
                }
            } else if (!side.probes.isEmpty()) {
                Probe probe = side.probes.get(random.nextInt(side.probes.size()));
                if (choice < 13) {
                    send(side, probe);
                } else if (choice < 14) {
                    consume(side, probe);
                } else if (choice < 15) {
                    probe.epoch().receiving().demand(random.nextBoolean());
                } else if (choice < 16) {
                    grantPayload(side);
                } else {
                    end(side, probe, choice - 16);
                }
            }
        }

        /** Listeners may give any command from inside a callback. */
        private void commandFromInside(Side side, Probe probe) {
            if (quiet) {
                return;
            }
            switch (random.nextInt(30)) {
                case 0 -> end(side, probe, random.nextInt(6));
                case 1 -> end(side, side.probes.get(random.nextInt(side.probes.size())), random.nextInt(6));
                case 2 -> open(side);
                case 3 -> claim(side);
                case 4 -> probe.epoch().receiving().demand(random.nextBoolean());
                default -> {}
            }
        }

        private void deliver(Side from) {
            for (int n = random.nextInt(4); n >= 0 && !from.sent.isEmpty(); n--) {
                pair.deliverFrom(from);
            }
        }

        private void open(Side side) {
            StreamId id = new StreamId(random.nextInt(ids));
            if (side.table.live(id) == null && side.table.canOpen()) {
                side.open(id);
            }
        }

        private void claim(Side side) {
            if (!transfersOnly) {
                side.policy = Side.Policy.values()[random.nextInt(3)];
            }
            if (!side.waiting.isEmpty()) {
                StreamEpoch epoch = side.waiting.remove();
                if (random.nextBoolean()) {
                    side.accept(epoch);
                } else {
                    side.table.refuse(epoch, ErrorCode.REFUSED);
                }
            }
        }

        private void consume(Side side, Probe probe) {
            probe.takes = random.nextBoolean();
            for (int n = random.nextInt(4); n >= 0; n--) {
                side.consume(probe);
            }
        }

        private static void grantPayload(Side side) {
            if (!side.payloadsWaiting.isEmpty()) {
                side.payloadsWaiting.remove().run();
            }
        }

        private void end(Side side, Probe probe, int how) {
            StreamEpoch epoch = probe.epoch();
            Sender sender = sender(probe);
            switch (how) {
                case 0, 1 -> {
                    if (sender.partly == null) {
                        close(sender, epoch.sending(), how == 0);
                    }
                }
                case 2 -> epoch.sending().reset(ErrorCode.INTERNAL);
                case 3 -> epoch.receiving().stop(ErrorCode.CANCELLED);
                case 4 -> epoch.evict(ErrorCode.IDLE_TIMEOUT);
                case 5 -> {
                    if (side.table.retract(epoch)) {
                        side.probes.remove(probe);
                    }
                }
                default -> {
                    if (random.nextInt(10) == 0) {
                        side.probes.forEach(p -> p.epoch().evict(ErrorCode.STREAM_CLOSED));
                    }
                }
            }
        }

        private void close(Sender sender, SendHalf half, boolean complete) {
            if (complete || random.nextBoolean()) {
                sender.close(half, complete ? ErrorCode.NONE : ErrorCode.ENCODE_FAILED);
            } else {
                sender.close(half, new ApplicationException(1, "", new byte[random.nextInt(300)]));
            }
        }

        // ---- elements

        private Sender sender(Probe probe) {
            return senders.computeIfAbsent(probe, p -> new Sender());
        }

        private byte[] element() {
            int length = switch (random.nextInt(4)) {
                case 0 -> random.nextInt(4);
                case 1 -> random.nextInt(100);
                case 2 -> random.nextInt(1_000);
                default -> random.nextInt(MAX_PAYLOAD + 1);
            };
            byte[] result = new byte[length];
            random.nextBytes(result);
            if (length > 0) {
                result[0] = tag++;
            }
            return result;
        }

        /** Goes on with the element in hand, or with a new one; true if something was written. */
        private boolean send(Side side, Probe probe) {
            SendHalf half = probe.epoch().sending();
            Sender sender = sender(probe);
            if (!half.writable()) {
                sender.partly = null;
                return false;
            }
            long before = half.credit().sent();
            ByteBuffer partly = sender.partly;
            if (partly == null) {
                byte[] next = sender.next == null ? element() : sender.next;
                sender.next = next;
                partly = begin(side, probe, sender, next);
            }
            if (partly != null) {
                Write result = side.sendPart(probe, partly);
                if (half.credit().sent() > before && sender.partly == null) {
                    sender.begun.add(partly.array());
                    sender.next = null;
                }
                sender.partly =
                        result == Write.DONE || half.credit().sent() == before && sender.partly == null ? null : partly;
            }
            side.expect(half.credit().sent() <= half.credit().limit(), "credit exceeded");
            return half.credit().sent() > before;
        }

        /** Sends it whole, or gives the buffer to be sent in fragments. */
        private @Nullable ByteBuffer begin(Side side, Probe probe, Sender sender, byte[] next) {
            if (probe.epoch().sending().goesByDatagram()) {
                if (side.sendDatagram(probe, next, datagramBytes) == Write.OK) {
                    sender.begun.add(next);
                    sender.byDatagrams++;
                    sender.next = null;
                }
                return null;
            }
            side.writer.reset();
            Write result = probe.epoch().sending().begin(side.writer, next.length);
            if (result == Write.OK) {
                probe.epoch().sending().abortElement();
            }
            side.ship(); // what stands in front of the first element in a lane
            if (result == Write.NEEDS_FRAGMENTS) {
                return ByteBuffer.wrap(next);
            }
            if (result == Write.OK) {
                side.expect(side.send(probe, next), "the same element again");
                sender.begun.add(next);
                sender.next = null;
            }
            return null;
        }

        // ---- checks

        /** Everything got is what was sent, in order and once; after a clean end it is all of it. */
        void checkElements() {
            checkElements(pair.a, pair.b);
            checkElements(pair.b, pair.a);
        }

        private void checkElements(Side from, Side to) {
            for (Probe receiver : to.probes) {
                long handle = receiver.epoch().receiving().handle();
                if (handle == 0) {
                    continue;
                }
                Probe source = from.probes.stream()
                        .filter(p -> p.epoch().sending().handle() == handle)
                        .findFirst()
                        .orElseThrow();
                List<byte[]> sent = sender(source).begun;
                int byDatagrams = sender(source).byDatagrams;
                int next = 0;
                int ofLane = 0;
                for (byte[] element : receiver.elements) {
                    int at = next;
                    while (at < byDatagrams && !Arrays.equals(element, sent.get(at))) {
                        at++; // it was lost, or came too late
                    }
                    to.expect(
                            at < sent.size() && Arrays.equals(element, sent.get(at)),
                            "an element of " + receiver.epoch() + " is another than number " + at);
                    next = at + 1;
                    ofLane += at >= byDatagrams ? 1 : 0;
                }
                boolean closed = receiver.reset == null || receiver.reset == ErrorCode.ENCODE_FAILED;
                if (receiver.receiveEnded == 1 && closed) {
                    to.expect(ofLane == sent.size() - byDatagrams, "closed with elements missing");
                    ErrorCode code = receiver.reset == null ? ErrorCode.NONE : receiver.reset;
                    to.expect(sender(source).closedWith == code, "closed with another code than " + code);
                }
                to.expect(
                        receiver.reset != ErrorCode.FLOW_CONTROL && source.stopped != ErrorCode.FLOW_CONTROL,
                        "credit exceeded");
            }
        }

        /** Sends what is in hand, closes, and consumes until nothing moves any more. */
        void finishTransfers() {
            boolean moved = true;
            int rounds = 0;
            while (moved) {
                moved = false;
                for (Side side : List.of(pair.a, pair.b)) {
                    side.takes = true;
                    while (!side.payloadsWaiting.isEmpty()) {
                        grantPayload(side);
                        moved = true;
                    }
                    for (Probe probe : List.copyOf(side.probes)) {
                        moved |= finish(side, probe);
                    }
                }
                moved |= pair.settle() || !pair.a.payloadsWaiting.isEmpty() || !pair.b.payloadsWaiting.isEmpty();
                pair.a.expect(rounds++ < 20_000, "transfers never end");
            }
        }

        private boolean finish(Side side, Probe probe) {
            boolean moved = false;
            ReceiveHalf half = probe.epoch().receiving();
            half.demand(true);
            while (side.consume(probe)) {
                moved = true;
            }
            Sender sender = sender(probe);
            if (sender.partly != null || sender.next != null) {
                moved |= send(side, probe);
            } else if (probe.epoch().sending().writable()) {
                close(sender, probe.epoch().sending(), random.nextBoolean());
                moved = true;
            }
            return moved;
        }

        void checkEverythingArrived() {
            pair.checkClean();
            for (Side side : List.of(pair.a, pair.b)) {
                for (Probe probe : side.probes) {
                    Sender sender = sender(probe);
                    side.expect(
                            sender.partly == null && sender.next == null
                                    || probe.epoch().sending().handle() == 0,
                            "stuck: " + probe.epoch() + " next cost "
                                    + (sender.next == null ? 0 : Cost.of(sender.next.length)));
                }
            }
        }
    }
}
