package io.weir.core.message;

import static io.weir.core.message.MessageSide.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.message.MessageSide.Asking;
import io.weir.core.wire.FrameWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Packets one by one, for a carrier that has a lane for each message. Fragments have 64 bytes. */
class MessageLanesTest {

    private static final int FRAGMENT = 64;

    private final MessageSide a = new MessageSide(MessageSide.settings(64 * 1_024));
    private final MessageSide b = new MessageSide(MessageSide.settings(64 * 1_024));

    @BeforeEach
    void introduce() {
        MessageSide.introduce(a, b);
    }

    @Test
    void thereIsNoPacketWhereThereIsNoMessage() {
        assertThat(a.table.writeOne(a.out)).isEqualTo(-1);
        assertThat(a.out.isEmpty()).isTrue();
    }

    @Test
    void eachPacketIsWrittenAloneAndNamesItsMessagesLane() {
        a.ask("r", bytes(3 * FRAGMENT));
        a.send("m", bytes(10));
        assertThat(lanes(a)).containsExactlyInAnyOrder(2L, 2L, 2L, 4L);
    }

    @Test
    void aRequestWithATimeLimitGoesInTheLaneOfItsId() {
        Asking asking = new Asking("r", bytes(2 * FRAGMENT));
        asking.deadlineNanos = 1_000_000;
        a.table.request(asking.request);
        assertThat(lanes(a)).containsExactly(2L, 2L);
        deliver(a, b);
        assertThat(b.askedBodies).containsExactly(bytes(2 * FRAGMENT));
    }

    @Test
    void whatIsWrittenPacketByPacketIsWhatIsWrittenAtOnce() {
        Asking asking = a.ask("r", bytes(3 * FRAGMENT));
        lanes(a);
        deliver(a, b);
        assertThat(b.askedBodies).containsExactly(bytes(3 * FRAGMENT));
        b.asked.get(0).reply(bytes(5 * FRAGMENT));
        assertThat(lanes(b)).containsExactly(3L, 3L, 3L, 3L, 3L);
        deliver(b, a);
        assertThat(asking.replies).containsExactly(bytes(5 * FRAGMENT));
    }

    @Test
    void aCancelGoesInTheLaneOfItsRequestBeforeEverythingElse() {
        Asking asking = a.ask("r", bytes(1));
        lanes(a);
        a.send("m", bytes(1));
        a.table.cancel(asking.request);
        assertThat(lanes(a)).containsExactly(2L, 4L);
    }

    @Test
    void anErrorGoesInTheLaneOfTheAnswer() {
        a.ask("r", bytes(1));
        lanes(a);
        deliver(a, b);
        b.asked.get(0).fail(ErrorCode.NO_HANDLER);
        assertThat(lanes(b)).containsExactly(3L);
    }

    @Test
    void requestsAndAnswersTakeTurns() {
        b.ask("r", bytes(1));
        b.ask("r", bytes(1));
        lanes(b);
        deliver(b, a);
        a.asked.forEach(request -> request.reply(bytes(1)));
        a.send("m", bytes(1));
        a.send("m", bytes(1));
        assertThat(lanes(a)).containsExactly(3L, 2L, 5L, 4L);
    }

    @Test
    void aPacketForWhichThereIsNoRoomWaits() {
        FrameWriter small = new FrameWriter(40, 40);
        a.send("m", bytes(FRAGMENT));
        assertThat(a.table.writeOne(small)).isEqualTo(-1);
        assertThat(small.isEmpty()).isTrue();
        assertThat(lanes(a)).containsExactly(2L);
    }

    @Test
    void whoWroteAllIsWokenByTheNextMessage() {
        a.send("m", bytes(1));
        lanes(a);
        int before = a.wakes;
        a.send("m", bytes(1));
        assertThat(a.wakes).isEqualTo(before + 1);
    }

    /** Writes all there is, a record for each packet. */
    private static List<Long> lanes(MessageSide side) {
        List<Long> lanes = new ArrayList<>();
        while (true) {
            side.out.reset();
            long lane = side.table.writeOne(side.out);
            if (lane < 0) {
                return lanes;
            }
            lanes.add(lane);
            side.records.add(Arrays.copyOf(side.out.array(), side.out.position()));
        }
    }

    private static void deliver(MessageSide from, MessageSide to) {
        while (!from.records.isEmpty()) {
            assertThat(to.receiveFrom(from)).isNull();
        }
    }
}
