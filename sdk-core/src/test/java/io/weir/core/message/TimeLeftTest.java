package io.weir.core.message;

import static io.weir.core.message.MessageSide.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.message.MessageSide.Asking;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.PacketLedger;
import io.weir.core.wire.VarInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much time is left for a request crosses as a length of time: no two clocks have to agree. */
class TimeLeftTest {

    private static final long MILLI = 1_000_000;

    /** A side with a clock. */
    private static final class Timed extends MessageSide {
        long now;

        Timed(long now, FrameOrder order) {
            super(MessageSide.settings(4_096).withOrder(order));
            this.now = now;
        }

        @Override
        public long nowNanos() {
            return now;
        }
    }

    private final Timed a = new Timed(5, FrameOrder.TOTAL);
    private final Timed b = new Timed(-77_000 * MILLI, FrameOrder.TOTAL);

    TimeLeftTest() {
        introduce(Hello.DEADLINES);
    }

    private void introduce(long features) {
        introduce(a, b, features);
    }

    private static void introduce(MessageSide one, MessageSide other, long features) {
        Hello base = Hello.defaults().withFeatures(features);
        one.table.onPeerHello(other.table.ownHello(base));
        other.table.onPeerHello(one.table.ownHello(base));
    }

    @Test
    void isWhatIsLeftWhenTheRequestIsWritten() {
        ask(500, 1);
        a.now += 200 * MILLI;
        a.writeAll();

        assertThat(written().millisLeft()).isEqualTo(300);
        MessageSide.deliver(a, b);
        assertThat(b.asked.get(0).deadlineNanos()).isEqualTo(b.now + 300 * MILLI);
    }

    @ParameterizedTest
    @CsvSource({"0, 500", "1, 500", "999999, 500", "1000000, 499", "500000000, 0", "600000000, 0"})
    void isRoundedUpSoThatNobodyIsCutOffBeforeItsTime(long passedNanos, long millisLeft) {
        ask(500, 1);
        a.now += passedNanos;
        a.writeAll();

        assertThat(written().millisLeft()).isEqualTo(millisLeft);
    }

    @Test
    void isNotToldToAPeerThatDoesNotKnowIt() {
        introduce(Hello.APPLICATION_ERRORS);
        ask(500, 1);
        a.writeAll();

        assertThat(written().millisLeft()).isEqualTo(MessageFrame.NO_LIMIT);
        MessageSide.deliver(a, b);
        assertThat(b.asked.get(0).deadlineNanos()).isEqualTo(IncomingRequest.NO_DEADLINE);
    }

    @Test
    void isNotToldOfARequestWithoutOne() {
        a.ask("r", bytes(1));
        a.writeAll();

        assertThat(written().millisLeft()).isEqualTo(MessageFrame.NO_LIMIT);
    }

    @Test
    void countsFromTheFirstPacket() {
        ask(500, 150);
        a.writeAll();
        assertThat(written().numPackets()).isEqualTo(3);
        byte[] record = a.records.remove();
        long came = b.now;
        b.receive(record);
        b.now += 40 * MILLI;
        MessageSide.deliver(a, b);

        assertThat(b.asked.get(0).deadlineNanos()).isEqualTo(came + 500 * MILLI);
    }

    @Test
    void aRequestThatIsCompleteTooLateNeverRuns() {
        b.receive(part(0, 50));
        b.now += 50 * MILLI;
        b.receive(MessageSide.fragment(MessageType.REQUEST, 2, 1, 1, bytes(64)));
        b.writeAll();

        assertThat(b.asked).isEmpty();
        assertThat(b.written())
                .filteredOn(MessageFrame.class::isInstance)
                .singleElement()
                .satisfies(frame -> assertThat(((MessageFrame) frame).payload())
                        .isEqualTo(Bytes.copyOf(new byte[] {(byte) ErrorCode.REQUEST_TIMEOUT.number()})));
        assertThat(b.table.isIdle()).isTrue();
    }

    @Test
    void aRequestForWhichNoTimeIsLeftNeverRunsAndCostsNothingForLong() {
        Asking asking = ask(500, 1);
        a.now += 700 * MILLI;
        MessageSide.settle(a, b);

        assertThat(b.asked).isEmpty();
        assertThat(asking.missing).containsExactly(CloseReason.remote(ErrorCode.REQUEST_TIMEOUT));
        MessageSide.assertNothingIsLeft(a, b);
    }

    @ParameterizedTest
    @CsvSource({"86400000", "86400001", "4611686018427387903"})
    void moreThanADayIsADay(long millisLeft) {
        assertThat(b.receive(new MessageFrame(
                        MessageType.REQUEST, 1, 0, 1, "r", Headers.empty(), Bytes.empty(), millisLeft)))
                .isNull();

        assertThat(b.asked.get(0).deadlineNanos() - b.now).isEqualTo(86_400_000 * MILLI);
        assertThat(millisLeft).isLessThanOrEqualTo(VarInt.MAX);
    }

    @Test
    void costsNothing() {
        ask(500, 1);
        a.writeAll();
        MessageSide.deliver(a, b);

        assertThat(b.table.inbox().window().received()).isEqualTo(16 + 1 + 1);
    }

    @Test
    void waitsForCreditLikeAnyOther() {
        a.send("m", bytes(4_000));
        Asking asking = ask(500, 100);
        a.writeAll();
        a.now += 100 * MILLI;
        a.records.clear();
        a.table.onWindow(new CreditFrame.Window(1, 4_017, 9_000));
        a.writeAll();

        assertThat(asking.refusal).isNull();
        assertThat(written().millisLeft()).isEqualTo(400);
    }

    /** The peer may hear CANCEL before the request, and runs it then. */
    @Test
    void isToldAgainWithAPacketThatWasLostThoughNobodyWaitsAnyMore() {
        Timed asker = new Timed(5, FrameOrder.NONE);
        introduce(asker, new Timed(0, FrameOrder.NONE), Hello.DEADLINES);
        Asking asking = ask(asker, 500, 1);
        PacketLedger packet = new PacketLedger();
        asker.out.reset(packet);
        asker.table.write(asker.out, 1_000);

        asker.table.cancel(asking.request);
        packet.onLost();
        asker.now += 100 * MILLI;
        asker.writeAll();

        assertThat(asker.written())
                .filteredOn(frame -> frame instanceof MessageFrame m && m.messageType() == MessageType.REQUEST)
                .singleElement()
                .satisfies(
                        frame -> assertThat(((MessageFrame) frame).millisLeft()).isEqualTo(400));
    }

    private Asking ask(long millis, int bodyBytes) {
        return ask(a, millis, bodyBytes);
    }

    private static Asking ask(Timed asker, long millis, int bodyBytes) {
        Asking asking = new Asking("r", bytes(bodyBytes));
        asking.deadlineNanos = asker.now + millis * MILLI;
        asking.refusal = asker.table.request(asking.request);
        return asking;
    }

    private static MessageFrame part(int packet, long millisLeft) {
        return new MessageFrame(
                MessageType.REQUEST, 2, packet, 1, "r", Headers.empty(), Bytes.copyOf(new byte[64]), millisLeft);
    }

    private MessageFrame written() {
        return (MessageFrame) a.written().stream()
                .filter(MessageFrame.class::isInstance)
                .findFirst()
                .orElseThrow();
    }
}
