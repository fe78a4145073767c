package io.weir.core.message;

import static io.weir.core.message.MessageSide.bytes;
import static io.weir.core.message.MessageSide.fragment;
import static io.weir.core.message.MessageSide.whole;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.message.MessageSide.Asking;
import io.weir.core.message.MessageSide.Sending;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.PacketLedger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a table of messages writes again when a packet is lost, and how long it keeps what may be. */
class LostMessagesTest {

    private static final long WINDOW = 4_096;

    private final MessageSide a = side(16);
    private final MessageSide b = side(16);

    LostMessagesTest() {
        MessageSide.introduce(a, b);
    }

    private static MessageSide side(int inFlight) {
        return new MessageSide(
                new MessageSettings(WINDOW, WINDOW, 64, 1 << 20, 64)
                        .withLargest(4 * WINDOW, 4 * WINDOW)
                        .withOrder(FrameOrder.NONE),
                inFlight);
    }

    // ---- messages

    @Test
    void aMessageIsUnderWayUntilAllOfItIsAcknowledged() {
        Sending sending = a.send("news", bytes(150));
        List<PacketLedger> packets = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            packets.add(packet(a, 1));
        }
        assertThat(a.table.hasMessages()).isFalse();
        assertThat(sending.written).isZero();
        assertThat(a.table.isIdle()).isFalse();
        assertThat(sending.message.released()).isFalse();

        packets.get(0).onAcked();
        packets.get(2).onAcked();
        assertThat(sending.written).isZero();
        packets.get(1).onAcked();

        assertThat(sending.written).isEqualTo(1);
        assertThat(sending.message.released()).isTrue();
        assertThat(a.table.isIdle()).isTrue();
        assertThat(a.table.queuedBytes()).isZero();
    }

    @Test
    void whereNothingIsLostItIsForgottenAtOnce() {
        Sending sending = a.send("news", bytes(150));

        a.writeAll();

        assertThat(sending.written).isEqualTo(1);
        assertThat(sending.message.released()).isTrue();
        assertThat(a.table.isIdle()).isTrue();
    }

    @Test
    void onlyThePacketThatWasLostIsWrittenAgain() {
        Sending sending = a.send("news", bytes(150));
        PacketLedger first = packet(a, 1);
        PacketLedger second = packet(a, 1);
        PacketLedger third = packet(a, 1);
        List<Frame> before = written(a);

        second.onLost();

        assertThat(a.table.hasMessages()).isTrue();
        PacketLedger again = packet(a, 1);
        assertThat(written(a)).containsExactly(before.get(1));
        first.onAcked();
        again.onAcked();
        second.onLost();
        third.onAcked();
        assertThat(a.table.hasMessages()).isFalse();
        assertThat(sending.written).isEqualTo(1);
    }

    @Test
    void aPacketThatArrivedAfterAllIsNotWrittenAgain() {
        Sending sending = a.send("news", bytes(10));
        PacketLedger first = packet(a, WINDOW);
        first.onLost();

        first.onAcked();

        assertThat(a.table.hasMessages()).isFalse();
        assertThat(sending.written).isEqualTo(1);
    }

    @Test
    void aRequestThatIsAnsweredHasArrived() {
        Asking asking = a.ask("sum", bytes(10));
        PacketLedger first = packet(a, WINDOW);
        a.receive(whole(MessageType.REPLY, 1, "", bytes(3)));
        assertThat(asking.replies).hasSize(1);

        first.onLost();

        assertThat(a.table.hasMessages()).isFalse();
        assertThat(a.table.isIdle()).isTrue();
    }

    @Test
    void aReplyIsKeptUntilItHasArrivedAndTheCreditOfItsRequestToo() {
        b.receive(whole(MessageType.REQUEST, 1, "sum", bytes(10)));
        b.asked.get(0).reply(bytes(20));
        PacketLedger first = packet(b, WINDOW);
        List<Frame> reply = written(b);
        assertThat(b.table.inFlight()).isEqualTo(1);

        first.onLost();
        PacketLedger second = packet(b, WINDOW);
        assertThat(written(b)).isEqualTo(reply);
        second.onAcked();

        assertThat(b.table.inFlight()).isZero();
        assertThat(b.table.isIdle()).isTrue();
    }

    @Test
    void atMost64AreUnderWayInPartsThoseThatMayBeLostIncluded() {
        MessageSide wide =
                new MessageSide(new MessageSettings(1 << 20, 1 << 20, 64, 1 << 20, 64).withOrder(FrameOrder.NONE));
        MessageSide.introduce(wide, wide);
        for (int i = 0; i < 70; i++) {
            wide.send("n", bytes(100));
        }
        List<PacketLedger> packets = new ArrayList<>();
        while (wide.table.hasMessages()) {
            packets.add(packet(wide, 1));
        }
        assertThat(packets).hasSize(128);

        packets.forEach(PacketLedger::onAcked);

        assertThat(wide.table.hasMessages()).isTrue();
    }

    // ---- CANCEL and refusals

    @Test
    void aCancelIsRepeatedUntilItHasComeOrTheAnswerHas() {
        Asking asking = a.ask("sum", bytes(10));
        packet(a, WINDOW).onAcked();
        written(a);
        a.table.cancel(asking.request);
        PacketLedger first = packet(a, WINDOW);
        List<Frame> cancel = written(a);
        assertThat(cancel).hasSize(1);

        first.onLost();
        PacketLedger second = packet(a, WINDOW);
        assertThat(written(a)).isEqualTo(cancel);
        second.onLost();
        second.onAcked();
        a.table.write(noted(a), FrameWriter.RECORD_TARGET);
        assertThat(a.out.isEmpty()).as("arrived after all").isTrue();
        first.onLost();
        assertThat(a.table.hasMessages()).isFalse();
    }

    @Test
    void aCancelOfWhatIsAnsweredIsNotRepeated() {
        Asking asking = a.ask("sum", bytes(10));
        packet(a, WINDOW).onAcked();
        a.table.cancel(asking.request);
        PacketLedger first = packet(a, WINDOW);
        a.receive(whole(MessageType.CANCELLED, 1, "", new byte[0]));

        first.onLost();

        assertThat(a.table.hasMessages()).isFalse();
    }

    @Test
    void whatWasBegunIsWrittenToItsEndThoughItIsCancelledForItIsPaidFor() {
        byte[] body = bytes(150);
        Asking asking = a.ask("sum", body);
        PacketLedger first = packet(a, 1);
        a.table.cancel(asking.request);
        Arrays.fill(body, (byte) 0);
        written(a);

        first.onLost();
        while (a.table.hasMessages()) {
            packet(a, 1).onAcked();
        }

        assertThat(written(a).stream().filter(f -> ((MessageFrame) f).messageType() == MessageType.REQUEST))
                .hasSize(3);
        assertThat(a.table.outstanding()).as("the answer comes").isEqualTo(1);
        assertThat(asking.request.released()).isTrue();
    }

    @Test
    void aRequestThatIsCancelledInPartIsAnsweredWhenAllOfItHasCome() {
        b.receive(fragment(MessageType.REQUEST, 3, 1, 1, bytes(64)));
        assertThat(b.receive(whole(MessageType.CANCEL, 1, "", new byte[0]))).isNull();
        packet(b, WINDOW);
        assertThat(written(b)).isEmpty();
        b.receive(fragment(MessageType.REQUEST, 3, 0, 1, bytes(64)));
        b.receive(fragment(MessageType.REQUEST, 3, 2, 1, bytes(2)));

        packet(b, WINDOW);

        assertThat(b.asked).as("never runs").isEmpty();
        assertThat(written(b)).containsExactly(whole(MessageType.CANCELLED, 1, "", new byte[0]));
    }

    @Test
    void aCancelThatOvertakesItsRequestSaysNothing() {
        assertThat(b.receive(whole(MessageType.CANCEL, 1, "", new byte[0]))).isNull();
        b.receive(whole(MessageType.REQUEST, 1, "sum", bytes(1)));

        assertThat(b.asked).hasSize(1);
        assertThat(b.receive(whole(MessageType.CANCEL, 0, "", new byte[0]))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void aRefusalIsRepeatedUntilItHasComeAndCostsNothingMore() {
        MessageSide busy = side(0);
        MessageSide.introduce(a, busy);
        busy.receive(whole(MessageType.REQUEST, 1, "sum", bytes(10)));
        long sent = busy.table.answerLane().credit().sent();
        PacketLedger first = packet(busy, WINDOW);
        List<Frame> refusal = written(busy);
        long once = busy.table.answerLane().credit().sent();
        assertThat(once).isGreaterThan(sent);

        first.onLost();
        PacketLedger second = packet(busy, WINDOW);
        assertThat(written(busy)).isEqualTo(refusal);
        assertThat(busy.table.answerLane().credit().sent()).isEqualTo(once);
        second.onAcked();
        first.onLost();
        assertThat(busy.table.hasMessages()).isFalse();
        assertThat(busy.table.isIdle()).isTrue();
    }

    @Test
    void aRefusalThatArrivedAfterAllIsNotRepeated() {
        MessageSide busy = side(0);
        MessageSide.introduce(a, busy);
        busy.receive(whole(MessageType.REQUEST, 1, "sum", bytes(10)));
        PacketLedger first = packet(busy, WINDOW);
        first.onLost();

        first.onAcked();

        assertThat(busy.table.hasMessages()).isFalse();
    }

    // ---- credit

    @Test
    void aWindowThatIsLostIsWrittenWithTodaysLimit() {
        consume(1, 1_500);
        PacketLedger first = packet(b, WINDOW);
        assertThat(windows(b)).containsExactly(WINDOW + 1_520);
        consume(2, 80);
        assertThat(b.table.hasControl()).as("not a quarter").isFalse();

        first.onLost();

        assertThat(b.table.hasControl()).isTrue();
        PacketLedger second = packet(b, WINDOW);
        assertThat(windows(b)).containsExactly(WINDOW + 1_620);
        second.onAcked();
        first.onAcked();
        assertThat(b.table.hasControl()).isFalse();
    }

    @Test
    void aWindowIsNotRepeatedWhereALaterOneWasWrittenOrItHasCome() {
        consume(1, 1_500);
        PacketLedger first = packet(b, WINDOW);
        consume(2, 1_500);
        PacketLedger second = packet(b, WINDOW);
        windows(b);

        first.onLost();
        assertThat(b.table.hasControl()).isFalse();
        second.onLost();
        assertThat(b.table.hasControl()).isTrue();
        second.onAcked();

        assertThat(b.table.hasControl()).isFalse();
    }

    @Test
    void blockedIsRepeatedAtTheSameLimitOnly() {
        a.send("n", bytes(4_000));
        a.send("n", bytes(4_000));
        List<PacketLedger> packets = new ArrayList<>();
        while (a.table.hasMessages() || a.table.hasControl()) {
            packets.add(packet(a, WINDOW));
        }
        List<Frame> told = new ArrayList<>(written(a));
        told.removeIf(MessageFrame.class::isInstance);
        assertThat(told).hasSize(1).first().isInstanceOf(CreditFrame.Blocked.class);

        packets.forEach(PacketLedger::onLost);
        PacketLedger again = packet(a, WINDOW);
        assertThat(written(a)).contains(told.get(0));
        a.table.onWindow(new CreditFrame.Window(CreditFrame.REQUESTS_HANDLE, 0, 3 * WINDOW));
        again.onLost();

        assertThat(a.table.hasControl()).isFalse();
    }

    @Test
    void aBlockedThatComesAgainWhenItsNeedIsMetTakesNothingFromALaterOne() {
        Asking first = a.ask("sum", bytes(10_000));
        a.writeAll();
        byte[] early = a.records.element();
        MessageSide.deliver(a, b);
        b.writeAll();
        MessageSide.deliver(b, a);
        a.table.cancel(first.request); // so what was promised is there, and not enough for the next
        a.ask("sum", bytes(12_000));
        a.writeAll();
        assertThat(a.written()).containsExactly(new CreditFrame.Blocked(CreditFrame.REQUESTS_HANDLE, 12_019, 0));
        MessageSide.deliver(a, b);

        b.receive(early);
        MessageSide.settle(a, b);

        assertThat(b.asked).hasSize(1);
    }

    // ---- all of it

    @Test
    void overPacketsThatAreLostRepeatedAndReorderedEachRequestIsAnsweredOnceAndAllCreditReturns() {
        for (long seed = 0; seed < 300; seed++) {
            LossyMessages run = new LossyMessages(new Random(seed));
            try {
                run.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    /** Two tables over a link that loses, delays and repeats packets, and says so, not always truly. */
    private static final class LossyMessages {

        private record Packet(byte[] bytes, PacketLedger ledger, MessageSide to) {}

        private final Random random;
        private final MessageSide a = side(4);
        private final MessageSide b = side(4);
        private final List<Packet> flying = new ArrayList<>();
        private final List<Asking> askings = new ArrayList<>();
        private final Map<Asking, MessageSide> askers = new HashMap<>();
        private final List<Asking> cancelled = new ArrayList<>();
        private final List<Sending> sendings = new ArrayList<>();

        LossyMessages(Random random) {
            this.random = random;
            MessageSide.introduce(a, b);
        }

        void run() {
            for (int i = 0; i < 120; i++) {
                step(random.nextBoolean() ? a : b, true);
            }
            for (int i = 0; i < 4_000 && !(a.table.isIdle() && b.table.isIdle() && flying.isEmpty()); i++) {
                step(random.nextBoolean() ? a : b, false);
            }
            assertThat(a.table.isIdle() && b.table.isIdle())
                    .as("%s; %s", a.table, b.table)
                    .isTrue();
            for (Asking asking : askings) {
                assertThat(asking.ends()).isEqualTo(cancelled.contains(asking) ? 0 : 1);
            }
            assertThat(sendings).allMatch(sending -> sending.written == 1);
            answer(a);
            answer(b);
            for (MessageSide side : List.of(a, b)) {
                MessageSide peer = side == a ? b : a;
                assertThat(side.table.requestLane().credit().sent())
                        .isEqualTo(peer.table.inbox().window().received());
                assertThat(side.table.answerLane().credit().sent())
                        .isEqualTo(peer.table.requestBook().window().received());
                assertThat(peer.table.inbox().window().consumed())
                        .isEqualTo(side.table.requestLane().credit().sent());
                assertThat(peer.table.requestBook().window().consumed())
                        .isEqualTo(side.table.answerLane().credit().sent());
            }
        }

        private void step(MessageSide side, boolean commands) {
            switch (random.nextInt(commands ? 8 : 5)) {
                case 0, 1 -> write(side);
                case 2, 3 -> deliver();
                case 4 -> answer(side);
                case 5 -> ask(side);
                case 6 -> send(side);
                default -> cancel();
            }
        }

        private void write(MessageSide side) {
            PacketLedger ledger = new PacketLedger();
            side.out.reset(ledger);
            side.table.writeControl(side.out);
            side.table.write(side.out, 1 + random.nextInt(300));
            if (!side.out.isEmpty()) {
                byte[] bytes = Arrays.copyOf(side.out.array(), side.out.position());
                flying.add(new Packet(bytes, ledger, side == a ? b : a));
            }
        }

        private void deliver() {
            if (flying.isEmpty()) {
                return;
            }
            int at = random.nextInt(Math.min(flying.size(), 4));
            Packet packet = flying.get(at);
            int fate = random.nextInt(8);
            if (fate == 0) {
                flying.remove(at);
                packet.ledger.onLost();
            } else if (fate == 1) {
                packet.ledger.onLost(); // not true: it comes later
            } else {
                if (fate > 2) {
                    flying.remove(at);
                }
                assertThat(packet.to.receive(packet.bytes)).isNull();
                packet.ledger.onAcked();
            }
        }

        private void answer(MessageSide side) {
            if (!side.asked.isEmpty()) {
                IncomingRequest request = side.asked.remove(random.nextInt(side.asked.size()));
                if (random.nextInt(4) == 0) {
                    request.fail(ErrorCode.APPLICATION_ERROR);
                } else {
                    request.reply(bytes(random.nextInt(300)));
                }
            }
            while (!side.oneWays.isEmpty()) {
                side.oneWays.remove(0).taken();
            }
        }

        private void ask(MessageSide side) {
            Asking asking = side.ask("sum", bytes(random.nextInt(300)));
            if (asking.refusal == null) {
                askings.add(asking);
                askers.put(asking, side);
            }
        }

        private void send(MessageSide side) {
            Sending sending = side.send("news", bytes(random.nextInt(300)));
            if (sending.refusal == null) {
                sendings.add(sending);
            }
        }

        private void cancel() {
            if (!askings.isEmpty()) {
                Asking asking = askings.get(random.nextInt(askings.size()));
                MessageSide asker = askers.get(asking);
                if (asker != null && !asking.request.over()) {
                    asker.table.cancel(asking.request);
                    cancelled.add(asking);
                }
            }
        }
    }

    // ---- helpers

    /** The peer sends a one-way message to b, which takes it. */
    private void consume(long id, int length) {
        b.receive(whole(MessageType.ONE_WAY, id, "news", bytes(length)));
        b.oneWays.get(b.oneWays.size() - 1).taken();
    }

    private static FrameWriter noted(MessageSide side) {
        side.out.reset(new PacketLedger());
        return side.out;
    }

    /** Writes a packet of about so many bytes. */
    private static PacketLedger packet(MessageSide side, long upTo) {
        PacketLedger ledger = new PacketLedger();
        side.out.reset(ledger);
        side.table.writeControl(side.out);
        side.table.write(side.out, (int) upTo);
        if (!side.out.isEmpty()) {
            side.records.add(Arrays.copyOf(side.out.array(), side.out.position()));
        }
        return ledger;
    }

    private static List<Frame> written(MessageSide side) {
        List<Frame> frames = side.written();
        side.records.clear();
        return frames;
    }

    private static List<Long> windows(MessageSide side) {
        return written(side).stream()
                .map(CreditFrame.Window.class::cast)
                .map(CreditFrame.Window::limit)
                .toList();
    }
}
