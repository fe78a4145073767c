package io.weir.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageType;
import org.junit.jupiter.api.Test;

/** A table whose carrier keeps the packets of each message in order, and messages in none: what may come when. */
class OvertakingMessagesTest {

    private final MessageSide side =
            new MessageSide(MessageSide.settings(100_000).withOrder(FrameOrder.PER_HALF));

    OvertakingMessagesTest() {
        side.table.onPeerHello(Hello.defaults());
    }

    @Test
    void requestsRunInTheOrderInWhichTheyCome() {
        for (long id : new long[] {2, 3, 1}) {
            assertThat(side.receive(MessageSide.whole(MessageType.REQUEST, id, "r", MessageSide.bytes((int) id))))
                    .isNull();
        }

        assertThat(side.asked.stream().map(Outgoing::id)).containsExactly(2L, 3L, 1L);
        assertThat(side.table.duplicates()).isZero();
    }

    /** Its sender has written the others to their end, and no more than 64 are under way there. */
    @Test
    void moreMessagesMayBeHereInPartThanTheirSenderHasUnderWay() {
        byte[] part = MessageSide.bytes(64);
        for (long id = 1; id <= 3L * SendLane.MOST_UNDER_WAY; id++) {
            assertThat(side.receive(MessageSide.fragment(MessageType.REQUEST, 2, 0, id, part)))
                    .isNull();
        }
        assertThat(side.table.inbox().partial()).isEqualTo(3 * SendLane.MOST_UNDER_WAY);
    }

    @Test
    void theWindowBoundsWhatIsHereInPart() {
        byte[] part = MessageSide.bytes(64);
        long id = 1;
        ErrorCode error;
        do {
            error = side.receive(MessageSide.fragment(MessageType.ONE_WAY, 2, 0, id++, part));
        } while (error == null);

        assertThat(error).isEqualTo(ErrorCode.FLOW_CONTROL);
        assertThat(side.table.inbox().partial()).isEqualTo(100_000 / 80);
    }

    @Test
    void aMessageDoesNotBeginWithALaterPacket() {
        assertThat(side.receive(MessageSide.fragment(MessageType.REQUEST, 2, 1, 1, MessageSide.bytes(1))))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void anAnswerDoesNotBeginWithALaterPacket() {
        side.ask("r", MessageSide.bytes(1));
        side.writeAll();

        assertThat(side.receive(MessageSide.fragment(MessageType.REPLY, 2, 1, 1, MessageSide.bytes(1))))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void aCancelDoesNotOvertakeItsRequest() {
        assertThat(side.receive(MessageSide.whole(MessageType.CANCEL, 1, "", MessageSide.bytes(0))))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void whoGoesAwayWaitsForWhatItSaysToHaveTaken() {
        side.receive(MessageSide.whole(MessageType.ONE_WAY, 2, "m", MessageSide.bytes(1)));
        side.oneWays.get(0).taken();
        assertThat(side.table.isIdle()).isTrue();

        assertThat(side.table.goAway()).isEqualTo(2);
        side.writeAll();
        assertThat(side.table.isIdle())
                .as("1 is on its way, and its sender believes it taken")
                .isFalse();
        side.receive(MessageSide.whole(MessageType.ONE_WAY, 3, "m", MessageSide.bytes(1)));
        assertThat(side.oneWays).as("3 was not named").hasSize(1);
        side.receive(MessageSide.whole(MessageType.ONE_WAY, 1, "m", MessageSide.bytes(1)));
        assertThat(side.oneWays).hasSize(2);
        side.oneWays.get(1).taken();

        assertThat(side.table.isIdle()).isTrue();
    }
}
