package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.StreamFrame;
import io.weir.core.wire.StreamFrame.Datagrams;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Fire-and-forget halves on a carrier that has datagrams beside its lanes: what goes where, what is lost, and what may not be. */
class DatagramHalvesTest {

    private static final int WINDOW = 1_024;
    private static final int DATAGRAM = 100;
    private static final StreamSettings SETTINGS =
            new StreamSettings(WINDOW, 64, 4_000).withOrder(FrameOrder.PER_HALF_DATAGRAMS);

    private final Side a = side("A");
    private final Side b = side("B");

    DatagramHalvesTest() {
        a.hello(b);
        b.hello(a);
    }

    private static Side side(String name) {
        Side side = new Side(name, SETTINGS, 1 << 20);
        side.config = StreamConfig.fireAndForget().withFixedWindow(WINDOW);
        return side;
    }

    // ---- the sender

    @Test
    void wholeElementsGoByDatagramsEachWithItsPlace() {
        Probe probe = open();

        assertThat(datagram(probe, 10)).isEqualTo(Write.OK);
        assertThat(datagram(probe, 0)).isEqualTo(Write.OK);

        assertThat(a.sent).map(frame -> ((StreamFrame.Data) frame).offset()).containsExactly(0L, 26L);
        assertThat(a.sent).allMatch(frame -> ((StreamFrame.Data) frame).seq() == -1);
    }

    @Test
    void openIsFollowedByTheWordThatTheHalfGoesByDatagrams() {
        a.open(new StreamId(7));
        a.pump();

        assertThat(a.sent).hasSize(2);
        assertThat(a.sent.removeFirst()).isInstanceOf(StreamFrame.Open.class);
        assertThat(a.sent.removeFirst()).isEqualTo(new Datagrams(3, Datagrams.OPEN_END));
    }

    @Test
    void aReliableHalfGoesByNone() {
        a.config = StreamConfig.reliable();
        Probe probe = a.open(new StreamId(7));
        a.pump();

        assertThat(a.sent).hasSize(1);
        assertThat(probe.epoch().sending().goesByDatagram()).isFalse();
    }

    @Test
    void anElementThatFitsTheNextDatagramWaitsForThat() {
        Probe probe = open();
        a.writer.resetDatagram(DATAGRAM);
        SendHalf half = probe.epoch().sending();
        assertThat(half.begin(a.writer, 60)).isEqualTo(Write.OK);
        a.writer.payload().put(new byte[60]);
        half.endElement(a.writer);

        assertThat(half.begin(a.writer, 60)).isEqualTo(Write.RECORD_FULL);
        assertThat(half.goesByDatagram()).isTrue();
        assertThat(datagram(probe, 60)).isEqualTo(Write.OK);
    }

    @Test
    void oneThatFitsNoDatagramTakesTheHalfToItsStreamForGood() {
        Probe probe = open();
        datagram(probe, 10);
        a.sent.clear();

        assertThat(datagram(probe, DATAGRAM)).isEqualTo(Write.RECORD_FULL);
        assertThat(probe.epoch().sending().goesByDatagram()).isFalse();
        a.pump();
        assertThat(a.sent).containsExactly(new Datagrams(3, 26));
        a.sent.clear();
        assertThat(a.send(probe, new byte[DATAGRAM])).isTrue();
        assertThat(a.send(probe, new byte[1])).isTrue();

        assertThat(a.sent).hasSize(3);
        assertThat(a.sent.removeFirst()).isEqualTo(new Datagrams(3, 26));
        assertThat(a.sent).allMatch(frame -> ((StreamFrame.Data) frame).offset() == -1);
    }

    @Test
    void oneThatIsLargerThanTheWindowGoesByTheStreamInFragments() {
        Probe probe = open();
        ByteBuffer large = ByteBuffer.allocate(2 * WINDOW);
        a.writer.resetDatagram(DATAGRAM);
        SendHalf half = probe.epoch().sending();

        assertThat(half.begin(a.writer, large.remaining())).isEqualTo(Write.NEEDS_FRAGMENTS);
        assertThat(half.write(a.writer, large)).isEqualTo(Write.RECORD_FULL);
        assertThat(half.goesByDatagram()).isFalse();
        assertThat(a.sendPart(probe, large)).isEqualTo(Write.NO_CREDIT);

        assertThat(a.sent.removeFirst()).isEqualTo(new Datagrams(3, 0));
        assertThat(a.sent.removeFirst()).isInstanceOf(StreamFrame.Data.class);
    }

    // ---- the receiver

    @Test
    void whatIsLostBetweenTwoElementsCountsAsConsumed() {
        Probe receiver = opened();

        assertThat(element(0, 4)).isNull();
        assertThat(element(20 + 20, 4)).isNull();

        assertThat(lengths(receiver)).containsExactly(4, 4);
        assertThat(receiver.epoch().receiving().elementsReceived()).isEqualTo(2);
        assertThat(consumedOf(60)).isEqualTo(60);
    }

    @Test
    void oneThatIsOlderThanAnotherIsDropped() {
        Probe receiver = opened();

        assertThat(element(20, 5)).isNull();
        assertThat(element(0, 4)).isNull();
        assertThat(element(20, 5)).isNull();

        assertThat(lengths(receiver)).containsExactly(5);
    }

    @Test
    void blockedTellsWhatWasLostAtTheEndOfTheWindow() {
        opened();
        element(0, 4);

        b.receive(new CreditFrame.Blocked(3, WINDOW, 900));

        assertThat(consumedOf(900)).isEqualTo(900);
    }

    @Test
    void closeEndsTheHalfThoughItsLastElementsAreLost() {
        Probe receiver = opened();
        element(0, 4);

        assertThat(b.receive(new StreamFrame.Close(3, 60, 3, 0))).isNull();
        assertThat(receiver.told).contains("receiveEnded null");
        assertThat(element(40, 4)).as("too late").isNull();
        assertThat(lengths(receiver)).containsExactly(4);
    }

    @Test
    void whatGoesByTheStreamIsNotLostThoughControlOvertakesIt() {
        Probe receiver = opened();
        element(0, 4);

        assertThat(control(new Datagrams(3, 40))).isNull();
        assertThat(b.receive(new StreamFrame.Close(3, 62, 3, 0))).isNull();
        assertThat(receiver.told).isEmpty();
        assertThat(stream(new Datagrams(3, 40))).isNull();
        assertThat(data(6)).isNull();

        assertThat(lengths(receiver)).containsExactly(4, 6);
        assertThat(receiver.told).contains("receiveEnded null");
    }

    @Test
    void theStreamMayTellFirstWhereItBegins() {
        Probe receiver = opened();

        assertThat(stream(new Datagrams(3, 20))).isNull();
        assertThat(data(6)).isNull();
        assertThat(control(new Datagrams(3, 20))).isNull();
        assertThat(element(0, 4)).as("overtaken").isNull();
        assertThat(data(7)).isNull();

        assertThat(lengths(receiver)).containsExactly(6, 7);
    }

    @Test
    void whatOvertakesOpenWaitsForIt() {
        assertThat(element(20, 5)).isNull();
        assertThat(element(0, 4)).isNull();
        assertThat(stream(new Datagrams(3, 41))).isNull();
        assertThat(data(6)).isNull();

        Probe receiver = opened();

        assertThat(lengths(receiver)).containsExactly(5, 6);
        assertThat(b.table.remembered()).isEqualTo(2);
    }

    @Test
    void noMoreWaitsForAnOpenThanIsReservedForIt() {
        assertThat(element(0, WINDOW - 16)).isNull();
        assertThat(element(0, 0)).as("again").isEqualTo(ErrorCode.FLOW_CONTROL);
        assertThat(b.table.onDatagram(4, 1, new byte[WINDOW], 0, WINDOW - 16, WINDOW))
                .as("beyond the window")
                .isEqualTo(ErrorCode.FLOW_CONTROL);
    }

    @Test
    void aHandleThatMayNotBeOpenedEndsTheSession() {
        assertThat(b.table.onDatagram(b.table.openLimit(), 0, new byte[1], 0, 1, 1))
                .isEqualTo(ErrorCode.STREAM_LIMIT);
    }

    @Test
    void oneOfAHalfThatIsOverIsDroppedAndCounted() {
        opened();
        b.receive(new StreamFrame.Reset(3, ErrorCode.CANCELLED.number()));
        b.pump();

        assertThat(element(0, 4)).isNull();
        assertThat(b.table.lateElements()).isEqualTo(1);
    }

    @Test
    void oneBehindWhichAnotherWasHandedOnIsDroppedAndCounted() {
        Probe receiver = opened();
        assertThat(element(20, 5)).isNull();
        assertThat(b.table.lateElements()).isZero();

        assertThat(element(0, 4)).isNull();

        assertThat(lengths(receiver)).containsExactly(5);
        assertThat(b.table.lateElements()).isEqualTo(1);
    }

    @Test
    void oneBeyondTheCreditEndsTheStream() {
        Probe receiver = opened();

        assertThat(element(WINDOW - 10, 4)).isNull();
        assertThat(receiver.reset).isEqualTo(ErrorCode.FLOW_CONTROL);
    }

    @Test
    void whatCannotBeEndsTheSession() {
        Probe receiver = opened();
        assertThat(data(1)).as("nothing has said that the stream begins").isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(stream(new Datagrams(3, Datagrams.OPEN_END))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(control(new Datagrams(9, 0))).as("never opened").isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(element(0, 4)).isNull();
        assertThat(control(new Datagrams(3, 19))).as("below what has come").isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(control(new Datagrams(3, 30))).isNull();
        assertThat(control(new Datagrams(3, 31))).as("another end").isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(element(20, 4)).as("beyond the end").isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(stream(new Datagrams(3, 30))).isNull();
        assertThat(stream(new Datagrams(3, 30))).as("again").isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(lengths(receiver)).containsExactly(4);
    }

    @Test
    void aReliableHalfHasNone() {
        b.receive(new StreamFrame.Open(3, 7, 1, true, "n", Headers.empty()));

        assertThat(element(0, 4)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(control(new Datagrams(3, 0))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void onLinksOfBytesNobodySpeaksOfThem() {
        Side link = new Side("L", SETTINGS.withOrder(FrameOrder.TOTAL), 1 << 20);
        link.table.ownHello(Hello.defaults());
        link.table.onPeerHello(Hello.defaults());

        assertThat(link.table.onDatagrams(new Datagrams(3, 0), false)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    // ----

    /** Its OPEN, and what follows it, is written. */
    private Probe open() {
        Probe probe = a.open(new StreamId(7));
        a.pump();
        a.sent.clear();
        return probe;
    }

    private Write datagram(Probe probe, int length) {
        a.writer.resetDatagram(DATAGRAM);
        SendHalf half = probe.epoch().sending();
        Write result = half.begin(a.writer, length);
        if (result == Write.OK) {
            a.writer.payload().put(new byte[length]);
            half.endElement(a.writer);
        }
        ship();
        return result;
    }

    private void ship() {
        io.weir.core.wire.FrameReader reader = new io.weir.core.wire.FrameReader();
        reader.reset(a.writer.array(), 0, a.writer.position());
        while (reader.next() == io.weir.core.wire.FrameReader.Kind.DATA) {
            a.sent.add(reader.data());
        }
    }

    private Probe opened() {
        assertThat(b.receive(new StreamFrame.Open(3, 7, 1, false, "n", Headers.empty())))
                .isNull();
        if (b.last().epoch().receiving().elementsReceived() == 0) {
            assertThat(control(new Datagrams(3, Datagrams.OPEN_END))).isNull();
        }
        return b.last();
    }

    private ErrorCode element(long at, int length) {
        return b.table.onDatagram(3, at, new byte[length], 0, length, length);
    }

    private ErrorCode control(Datagrams frame) {
        return b.table.onDatagrams(frame, false);
    }

    private ErrorCode stream(Datagrams frame) {
        return b.table.onDatagrams(frame, true);
    }

    private ErrorCode data(int length) {
        return b.table.onData(3, true, true, -1, new byte[length], 0, length, length);
    }

    private static List<Integer> lengths(Probe probe) {
        return probe.elements.stream().map(element -> element.length).toList();
    }

    /** What this side tells the peer that it has consumed, once the peer asks for so much. */
    private long consumedOf(long sent) {
        b.receive(new CreditFrame.Blocked(3, WINDOW, sent));
        b.sent.clear();
        b.pump();
        List<CreditFrame.Window> windows = new ArrayList<>();
        for (Frame frame : b.sent) {
            if (frame instanceof CreditFrame.Window window && window.handle() == 3) {
                windows.add(window);
            }
        }
        return windows.get(windows.size() - 1).consumed();
    }
}
