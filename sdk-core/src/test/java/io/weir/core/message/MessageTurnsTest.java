package io.weir.core.message;

import static io.weir.core.message.MessageSide.bytes;
import static io.weir.core.message.MessageSide.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.weir.core.message.MessageSide.Asking;
import io.weir.core.message.MessageSide.Sending;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageFrame;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Credit and turns: when a message begins, and in which order packets go. A name of one byte: a message costs 17 + its body. */
class MessageTurnsTest {

    private static final int WINDOW = 4_096;

    private final MessageSide a = new MessageSide(MessageSide.settings(WINDOW));
    private final MessageSide b = new MessageSide(MessageSide.settings(WINDOW));

    @BeforeEach
    void introduce() {
        MessageSide.introduce(a, b);
    }

    // ---- windows

    @Test
    void aMessageBeginsOnlyWhenTheCreditCoversAllOfIt() {
        a.send("m", bytes(2_000));
        a.send("m", bytes(2_100));
        a.send("m", bytes(2_000));
        settle(a, b);

        assertThat(b.oneWays).hasSize(1);
        assertThat(a.table.requestLane().credit().sent()).isEqualTo(2_017);
        b.oneWays.get(0).taken();
        settle(a, b);
        assertThat(b.oneWays).hasSize(2);
        b.oneWays.get(1).taken();
        settle(a, b);
        assertThat(b.oneWays).hasSize(3);
    }

    @Test
    void aGrantIsDueAtAQuarterOfTheWindow() {
        a.send("m", bytes(500));
        a.send("m", bytes(WINDOW / 4 - 517 - 17));
        settle(a, b);
        b.oneWays.get(0).taken();
        assertThat(b.table.hasControl()).isFalse();
        b.oneWays.get(1).taken();
        assertThat(b.table.hasControl()).isTrue();
        b.writeAll();

        assertThat(b.written()).containsExactly(new CreditFrame.Window(1, WINDOW / 4, WINDOW / 4 + WINDOW));
    }

    @Test
    void whoIsBlockedSaysSoOnceForEachLimitAndIsGrantedAtOnce() {
        a.send("m", bytes(100));
        a.send("m", bytes(3_000));
        a.send("m", bytes(2_000));
        a.writeRecord(4_000);
        assertThat(a.written()).doesNotHaveAnyElementsOfTypes(CreditFrame.Blocked.class);
        MessageSide.deliver(a, b);
        a.writeAll();
        assertThat(a.written()).containsExactly(new CreditFrame.Blocked(1, 3_134 + 2_017, 3_134));
        MessageSide.deliver(a, b);
        a.writeAll();
        assertThat(a.written()).isEmpty();
        assertThat(b.table.hasControl()).isFalse();

        b.oneWays.get(0).taken();
        b.writeAll();
        assertThat(b.written()).containsExactly(new CreditFrame.Window(1, 117, 117 + WINDOW));
        MessageSide.deliver(b, a);
        a.writeAll();
        assertThat(a.written()).containsExactly(new CreditFrame.Blocked(1, 3_134 + 2_017, 3_134));
    }

    @Test
    void aGrantEndsTheBlockAndAnOldOneIsOfNoInterest() {
        a.send("m", bytes(100));
        a.send("m", bytes(100));
        a.send("m", bytes(100));
        a.send("m", bytes(100));
        settle(a, b);
        assertThat(b.receive(new CreditFrame.Blocked(1, WINDOW + 1, 468))).isNull();
        b.oneWays.get(0).taken();
        assertThat(b.table.hasControl()).isTrue();
        b.writeAll();

        b.oneWays.get(1).taken();
        assertThat(b.table.hasControl()).isFalse();
        assertThat(b.receive(new CreditFrame.Blocked(1, WINDOW + 117, 468))).isNull();
        b.oneWays.get(2).taken();
        assertThat(b.table.hasControl()).isFalse();
        assertThat(b.receive(new CreditFrame.Blocked(1, WINDOW + 118, 468))).isNull();
        assertThat(b.table.hasControl()).isTrue();
    }

    @Test
    void repliesHaveAWindowOfTheirOwn() {
        Asking first = a.ask("r", bytes(10));
        Asking second = a.ask("r", bytes(10));
        settle(a, b);
        a.send("m", bytes(WINDOW - 100)); // fills the window of requests, and is not taken
        b.asked.get(0).reply(bytes(4_000));
        b.asked.get(1).reply(bytes(4_000));
        settle(a, b);

        assertThat(first.replies).hasSize(1);
        assertThat(second.replies).hasSize(1);
        assertThat(b.table.answerLane().credit().sent()).isEqualTo(8_032);
    }

    @Test
    void theCostIsSixteenAndTheBytesOfNameHeadersAndBody() {
        Headers headers = Headers.of("ab", "cde"); // 1 + 1 + 2 + 1 + 3
        OutgoingMessage message =
                new OutgoingMessage("\u00e4", headers, ByteBuffer.allocate(200), new Sending("x", bytes(0)));
        assertThat(a.table.send(message)).isNull();
        assertThat(message.cost()).isEqualTo(16 + 2 + 8 + 200);

        settle(a, b);
        assertThat(b.table.inbox().window().received()).isEqualTo(message.cost());
        b.oneWays.get(0).taken();
        assertThat(b.table.inbox().window().consumed()).isEqualTo(message.cost());
    }

    // ---- turns

    @Test
    void smallMessagesDoNotWaitForALargeOne() {
        a.ask("1", bytes(2_000));
        a.writeRecord(1);
        List<Asking> small = List.of(a.ask("2", bytes(1)), a.ask("3", bytes(1)), a.ask("4", bytes(1)));
        while (a.writeRecord(1)) {
            // a packet in each record
        }

        List<String> order = a.written().stream()
                .map(frame -> ((MessageFrame) frame).replyId() + "." + ((MessageFrame) frame).packetId())
                .toList();
        assertThat(order).startsWith("1.0", "2.0", "3.0", "4.0", "1.1", "1.2").hasSize(35);
        assertThat(small).allSatisfy(asking -> assertThat(asking.request.id()).isPositive());
    }

    @Test
    void aLargeMessageDoesNotWaitForASteadyFlowOfSmallOnes() {
        MessageSide sender = new MessageSide(new MessageSettings(1 << 20, 1 << 20, 64, 1 << 20, 64));
        sender.table.onPeerHello(Hello.defaults());
        sender.send("m", bytes(1_000));
        int records = 0;
        while (sender.table.requestLane().firstUnderWay() != null || records == 0) {
            sender.send("m", bytes(48)); // as many bytes as a fragment
            sender.writeRecord(1);
            records++;
            assertThat(records).isLessThan(40);
        }
    }

    @Test
    void atMostSixtyFourMessagesAreUnderWayAtOnce() {
        MessageSide wide = new MessageSide(new MessageSettings(1 << 20, 1 << 20, 4_096, 1 << 24, 64), 4_096);
        wide.table.onPeerHello(Hello.defaults());
        for (int i = 0; i < 100; i++) {
            wide.send("m", bytes(4_000));
        }
        wide.writeRecord(30_000);
        long begun = wide.written().stream()
                .filter(frame -> ((MessageFrame) frame).packetId() == 0)
                .count();
        assertThat(begun).isEqualTo(64);
    }

    @Test
    void writingStopsAtThePosition() {
        a.send("m", bytes(30));
        a.send("m", bytes(30));
        a.out.reset();
        a.table.write(a.out, 0);
        assertThat(a.out.isEmpty()).isTrue();
        a.table.write(a.out, 1);
        int one = a.out.position();
        a.table.write(a.out, one);
        assertThat(a.out.position()).isEqualTo(one);
        a.table.write(a.out, one + 1);
        assertThat(a.out.position()).isEqualTo(2 * one);
        assertThat(a.table.hasMessages()).isFalse();
    }

    @Test
    void whatDoesNotFitTheRecordWaits() {
        FrameWriter narrow = new FrameWriter(60, 60);
        a.send("m", bytes(20));
        a.send("m", bytes(40));
        a.table.write(narrow, 60);
        assertThat(narrow.position()).isPositive();
        assertThat(a.table.hasMessages()).isTrue();
        narrow.reset();
        a.table.write(narrow, 60);
        assertThat(a.table.hasMessages()).isFalse();
    }

    @Test
    void theSessionIsWokenOnceForAllThatIsToBeWritten() {
        a.ask("r", bytes(1));
        a.ask("r", bytes(1));
        a.send("m", bytes(1));
        assertThat(a.wakes).isEqualTo(1);
        a.writeAll();
        a.ask("r", bytes(1));
        assertThat(a.wakes).isEqualTo(2);
    }

    @Test
    void callbacksMustNotWrite() {
        Sending sending = new Sending("m", bytes(1)) {
            @Override
            public void onWritten() {
                a.table.write(a.out, 1_000);
            }
        };
        a.table.send(sending.message);

        assertThatIllegalStateException().isThrownBy(a::writeAll).withMessageContaining("inside a callback");
    }
}
