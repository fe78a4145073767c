package io.weir.core.message;

import static io.weir.core.message.MessageSide.bytes;
import static io.weir.core.message.MessageSide.settle;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.message.MessageSide.Asking;
import io.weir.core.message.MessageSide.Sending;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageType;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How requests and messages end other than by an answer: cancelled, by GOAWAY, with the session. */
class MessageEndsTest {

    private static final int WINDOW = 4_096;

    private final MessageSide a = new MessageSide(MessageSide.settings(WINDOW));
    private final MessageSide b = new MessageSide(MessageSide.settings(WINDOW));

    @BeforeEach
    void introduce() {
        MessageSide.introduce(a, b);
    }

    // ---- cancel

    @Test
    void aRequestThatWasNotWrittenIsJustForgotten() {
        Asking asking = a.ask("r", bytes(1));
        a.table.cancel(asking.request);
        a.table.cancel(asking.request);
        settle(a, b);

        assertThat(asking.ends()).isZero();
        assertThat(b.asked).isEmpty();
        assertThat(a.ask("r", bytes(1)).refusal).isNull();
        a.writeAll();
        assertThat(((MessageFrame) a.written().get(0)).replyId()).isEqualTo(1);
    }

    @Test
    void aForgottenRequestMakesRoomForTheNext() {
        a.send("m", bytes(WINDOW - 100));
        Asking large = a.ask("r", bytes(1_000));
        Asking small = a.ask("r", bytes(1));
        settle(a, b);
        assertThat(small.request.id()).isZero();
        int wakes = a.wakes;

        a.table.cancel(large.request);

        assertThat(a.wakes).isEqualTo(wakes + 1);
        settle(a, b);
        assertThat(small.request.id()).isEqualTo(2);
    }

    @Test
    void aRequestThatIsHandledIsCancelledThere() {
        Asking asking = a.ask("r", bytes(1));
        settle(a, b);
        int[] cancels = {0};
        b.asked.get(0).listener(MessageSide.whenCancelled(() -> cancels[0]++));

        a.table.cancel(asking.request);
        a.table.cancel(asking.request);
        a.writeAll();
        assertThat(types(a)).containsExactly(MessageType.CANCEL);
        assertThat(a.table.outstanding()).isEqualTo(1);
        MessageSide.deliver(a, b);

        assertThat(cancels[0]).isEqualTo(1);
        assertThat(b.asked.get(0).answered()).isTrue();
        assertThat(b.asked.get(0).reply(bytes(1))).isNull();
        b.writeAll();
        assertThat(types(b)).containsExactly(MessageType.CANCELLED);
        settle(a, b);
        assertThat(asking.ends()).isZero();
        MessageSide.assertNothingIsLeft(a, b);
    }

    @Test
    void aReplyThatCrossesTheCancelIsAbsorbed() {
        Asking asking = a.ask("r", bytes(1));
        settle(a, b);
        int[] cancels = {0};
        b.asked.get(0).listener(MessageSide.whenCancelled(() -> cancels[0]++));
        b.asked.get(0).reply(bytes(1_000));
        b.writeAll();
        a.table.cancel(asking.request);
        a.writeAll();
        settle(a, b);

        assertThat(asking.ends()).isZero();
        assertThat(cancels[0]).isZero();
        assertThat(a.table.requestBook().window().consumed()).isEqualTo(1_016);
        MessageSide.assertNothingIsLeft(a, b);
    }

    @Test
    void aReplyThatIsHereInPartIsAbsorbedAndItsRestNotSent() {
        Asking asking = a.ask("r", bytes(1));
        settle(a, b);
        b.asked.get(0).reply(bytes(3_000));
        assertThat(b.writeRecord(100)).isTrue();
        MessageSide.deliver(b, a);
        assertThat(a.table.requestBook().partial()).isEqualTo(1);
        long came = a.table.requestBook().window().received();

        a.table.cancel(asking.request);
        a.writeAll();
        MessageSide.deliver(a, b);
        settle(a, b);

        assertThat(asking.ends()).isZero();
        assertThat(a.table.requestBook().window().received())
                .as("cancelled, in place of the rest")
                .isEqualTo(came + 16);
        MessageSide.assertNothingIsLeft(a, b);
    }

    /** What is left may be less than what cancelled costs. */
    @Test
    void aRestThatCostsNoMoreThanCancelledIsSentAllTheSame() {
        Asking asking = a.ask("r", bytes(1));
        settle(a, b);
        b.asked.get(0).reply(bytes(64 + 1));
        assertThat(b.writeRecord(1)).isTrue();
        MessageSide.deliver(b, a);
        a.table.cancel(asking.request);
        settle(a, b);

        assertThat(a.table.requestBook().window().received()).isEqualTo(16 + 65);
        MessageSide.assertNothingIsLeft(a, b);
    }

    @Test
    void aReplyOfWhichNothingWasWrittenIsNotSent() {
        Asking asking = a.ask("r", bytes(1));
        settle(a, b);
        b.asked.get(0).reply(bytes(3_000));
        a.table.cancel(asking.request);
        a.writeAll();
        MessageSide.deliver(a, b);
        b.writeAll();
        assertThat(types(b)).containsExactly(MessageType.CANCELLED);
        settle(a, b);
        assertThat(a.table.requestBook().window().received()).isEqualTo(16);
        MessageSide.assertNothingIsLeft(a, b);
    }

    /** The next reply needs the whole window, of which the requester gives nothing back before it hears of the first. */
    @Test
    void cancelledInPlaceOfTheRestWaitsForNoOtherReply() {
        Asking first = a.ask("r", bytes(1));
        Asking second = a.ask("r", bytes(1));
        settle(a, b);
        b.asked.get(0).reply(bytes(3_000));
        b.asked.get(1).reply(bytes(WINDOW - 16));
        assertThat(b.writeRecord(100)).isTrue();
        MessageSide.deliver(b, a);
        a.table.cancel(first.request);
        a.writeAll();
        MessageSide.deliver(a, b);
        settle(a, b);

        assertThat(second.replies).hasSize(1);
        MessageSide.assertNothingIsLeft(a, b);
    }

    @Test
    void cancelledInTheMiddleOfAReplyThatNobodyGaveUpEndsTheSession() {
        a.ask("r", bytes(1));
        settle(a, b);
        b.asked.get(0).reply(bytes(3_000));
        assertThat(b.writeRecord(100)).isTrue();
        MessageSide.deliver(b, a);
        assertThat(a.receive(MessageSide.whole(MessageType.CANCELLED, 1, "", bytes(0))))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void thereIsNoCancelForWhatWasAnsweredMeanwhile() {
        Asking asking = a.ask("r", bytes(1));
        settle(a, b);
        b.asked.get(0).reply(bytes(1));
        b.writeAll();
        a.table.cancel(asking.request);
        MessageSide.deliver(b, a);
        a.writeAll();

        assertThat(types(a)).isEmpty();
        assertThat(asking.ends()).isZero();
    }

    @Test
    void aRequestCancelledHalfWrittenIsWrittenNoFurtherAndNeverRun() {
        Asking asking = a.ask("r", bytes(3_000));
        assertThat(a.writeRecord(100)).isTrue();
        MessageSide.deliver(a, b);
        assertThat(b.table.inbox().partial()).isEqualTo(1);
        long came = b.table.inbox().window().received();

        a.table.cancel(asking.request);
        assertThat(a.table.queuedBytes()).isZero();
        assertThat(asking.request.released()).isTrue();
        a.writeAll();
        assertThat(types(a)).containsExactly(MessageType.CANCEL);
        settle(a, b);

        assertThat(b.asked).isEmpty();
        assertThat(asking.ends()).isZero();
        assertThat(b.table.inbox().window().received())
                .as("the rest costs nothing")
                .isEqualTo(came);
        MessageSide.assertNothingIsLeft(a, b);
    }

    /** The window is full of the one that is given up: what it does not use is the next one's. */
    @Test
    void whatACancelledRequestDoesNotUseOfTheWindowIsForOthers() {
        Asking large = a.ask("r", bytes(WINDOW - 100));
        Asking next = a.ask("r", bytes(WINDOW / 2));
        assertThat(a.writeRecord(100)).isTrue();
        a.table.cancel(large.request);
        a.writeAll();
        assertThat(types(a)).contains(MessageType.CANCEL);
        MessageSide.deliver(a, b);
        assertThat(b.asked).as("without any grant").hasSize(1);
        b.asked.get(0).reply(bytes(1));
        settle(a, b);
        assertThat(next.replies).hasSize(1);
        MessageSide.assertNothingIsLeft(a, b);
    }

    /** The cancel crosses a GOAWAY that leaves the request out: no answer will come, and the peer still has a part of it. */
    @Test
    void aCancelThatCrossesAGoawayEndsWhatIsThereInPart() {
        Asking asking = a.ask("r", bytes(3_000));
        b.table.goAway();
        assertThat(a.writeRecord(100)).isTrue();
        MessageSide.deliver(a, b);
        assertThat(b.table.inbox().partial()).isEqualTo(1);
        a.table.cancel(asking.request);
        assertThat(a.table.onPeerGoaway(0)).isNull();
        settle(a, b);

        assertThat(asking.ends()).isZero();
        MessageSide.assertNothingIsLeft(a, b);
    }

    @Test
    void packetsBehindTheCancelAreDroppedAndCostNothing() {
        Asking asking = a.ask("r", bytes(3_000));
        assertThat(a.writeRecord(100)).isTrue();
        MessageSide.deliver(a, b);
        a.table.cancel(asking.request);
        settle(a, b);
        long received = b.table.inbox().window().received();
        assertThat(b.receive(MessageSide.fragment(MessageType.REQUEST, 47, 30, 1, bytes(64))))
                .isNull();
        assertThat(b.table.inbox().window().received()).isEqualTo(received);
        assertThat(b.table.duplicates()).isEqualTo(1);
    }

    // ---- GOAWAY

    @Test
    void whoGoesAwayEndsWhatItHasAndTakesNothingNew() {
        Asking before = a.ask("r", bytes(1));
        settle(a, b);
        Asking crossing = a.ask("r", bytes(1));
        Asking inParts = a.ask("r", bytes(500));
        Sending lost = a.send("m", bytes(500));
        a.writeAll();

        assertThat(b.table.goAway()).isEqualTo(1);
        assertThat(b.table.goAway()).isEqualTo(1);
        assertThat(b.ask("r", bytes(1)).refusal).isEqualTo(ErrorCode.GOING_AWAY);
        MessageSide.deliver(a, b);

        assertThat(b.asked).hasSize(1);
        assertThat(b.oneWays).isEmpty();
        assertThat(b.table.dropped()).isEqualTo(3);
        assertThat(b.table.goAway()).isEqualTo(1);
        a.table.onPeerGoaway(1);
        assertThat(crossing.missing).containsExactly(CloseReason.remote(ErrorCode.GOING_AWAY));
        assertThat(inParts.missing).containsExactly(CloseReason.remote(ErrorCode.GOING_AWAY));
        assertThat(lost.written).isEqualTo(1);
        assertThat(before.ends()).isZero();
        b.asked.get(0).reply(bytes(9));
        settle(a, b);
        assertThat(before.replies).containsExactly(bytes(9));
        MessageSide.assertNothingIsLeft(a, b);
    }

    @Test
    void whatWasNotBegunFailsAtThePeersGoaway() {
        Asking asking = a.ask("r", bytes(1));
        Sending sending = a.send("m", bytes(1));
        a.table.onPeerGoaway(0);

        assertThat(asking.missing).containsExactly(CloseReason.remote(ErrorCode.GOING_AWAY));
        assertThat(sending.failures).containsExactly(CloseReason.remote(ErrorCode.GOING_AWAY));
        assertThat(a.ask("r", bytes(1)).refusal).isEqualTo(ErrorCode.GOING_AWAY);
        assertThat(a.send("m", bytes(1)).refusal).isEqualTo(ErrorCode.GOING_AWAY);
        assertThat(a.table.hasMessages()).isFalse();
        assertThat(a.table.isIdle()).isTrue();
    }

    @Test
    void whatWasHalfWrittenFailsAndGoesOnSoThatItsCreditReturns() {
        Asking asking = a.ask("r", bytes(1_000));
        Sending sending = a.send("m", bytes(1_000));
        a.writeRecord(200);
        b.table.goAway();
        a.table.onPeerGoaway(0);

        assertThat(asking.missing).hasSize(1);
        assertThat(sending.failures).hasSize(1);
        settle(a, b);
        assertThat(sending.written).isZero();
        assertThat(b.asked).isEmpty();
        MessageSide.assertNothingIsLeft(a, b);
    }

    @Test
    void aHalfReceivedRequestThatWasAcceptedRuns() {
        Asking asking = a.ask("r", bytes(1_000));
        a.writeRecord(200);
        MessageSide.deliver(a, b);
        assertThat(b.table.goAway()).isEqualTo(1);
        a.table.onPeerGoaway(1);
        settle(a, b);
        b.asked.get(0).reply(bytes(1));
        settle(a, b);

        assertThat(asking.replies).hasSize(1);
    }

    @Test
    void thePeersRequestsGoOnAfterItsGoaway() {
        Asking asking = b.ask("r", bytes(1));
        a.table.onPeerGoaway(0);
        settle(a, b);
        a.asked.get(0).reply(bytes(2));
        settle(a, b);

        assertThat(asking.replies).containsExactly(bytes(2));
    }

    // ---- the end of the session

    @Test
    void theEndOfTheSessionIsToldToEveryoneOnce() {
        CloseReason reason = CloseReason.local(ErrorCode.LINK_LOST);
        Asking asked = a.ask("r", bytes(1));
        Asking cancelled = a.ask("r", bytes(1));
        settle(a, b);
        Asking handled = b.ask("r", bytes(1));
        settle(a, b);
        int[] cancels = {0};
        a.asked.get(0).listener(MessageSide.whenCancelled(() -> cancels[0]++));
        a.table.cancel(cancelled.request);
        Asking halfWritten = a.ask("r", bytes(1_000));
        Sending halfSent = a.send("m", bytes(1_000));
        a.writeRecord(200);
        Asking queued = a.ask("r", bytes(1));
        Sending unsent = a.send("m", bytes(1));

        a.table.close(reason);
        a.table.close(CloseReason.local(ErrorCode.INTERNAL));

        assertThat(asked.missing).containsExactly(reason);
        assertThat(cancelled.ends()).isZero();
        assertThat(halfWritten.missing).containsExactly(reason);
        assertThat(queued.missing).containsExactly(reason);
        assertThat(halfSent.failures).containsExactly(reason);
        assertThat(unsent.failures).containsExactly(reason);
        assertThat(cancels[0]).isEqualTo(1);
        assertThat(handled.ends()).isZero();
        assertThat(a.table.isIdle()).isTrue();
    }

    @Test
    void afterTheEndNothingHappensAnyMore() {
        Asking asking = b.ask("r", bytes(1));
        Sending sending = b.send("m", bytes(1));
        settle(a, b);
        a.table.close(CloseReason.remote(ErrorCode.BUSY));
        int wakes = a.wakes;

        assertThat(a.asked.get(0).reply(bytes(1))).isNull();
        a.oneWays.get(0).taken();
        a.table.cancel(new Asking("r", bytes(1)).request);
        a.table.onPeerGoaway(0);
        assertThat(a.receive(MessageSide.whole(MessageType.REQUEST, 9, "r", bytes(1))))
                .isNull();
        assertThat(a.ask("r", bytes(1)).refusal).isEqualTo(ErrorCode.BUSY);
        assertThat(a.send("m", bytes(1)).refusal).isEqualTo(ErrorCode.BUSY);
        assertThat(a.table.hasMessages() || a.table.hasControl()).isFalse();
        a.writeAll();
        assertThat(a.records).isEmpty();
        assertThat(a.wakes).isEqualTo(wakes);
        assertThat(asking.ends() + sending.failures.size()).isZero();
    }

    @Test
    void aListenerMayEndTheSession() {
        Asking first = a.ask("r", bytes(1));
        Asking second = a.ask("r", bytes(1));
        settle(a, b);
        first.onEnd = () -> a.table.close(CloseReason.local(ErrorCode.NODE_CLOSED));
        b.asked.forEach(request -> request.reply(bytes(1)));
        b.writeAll();
        MessageSide.deliver(b, a);

        assertThat(first.ends()).isEqualTo(1);
        assertThat(second.missing).containsExactly(CloseReason.local(ErrorCode.NODE_CLOSED));
    }

    // ---- how

    private static List<MessageType> types(MessageSide side) {
        return side.written().stream()
                .filter(MessageFrame.class::isInstance)
                .map(frame -> ((MessageFrame) frame).messageType())
                .toList();
    }
}
