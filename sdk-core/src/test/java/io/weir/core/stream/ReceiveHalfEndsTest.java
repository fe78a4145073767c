package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Headers;
import io.weir.core.wire.StreamFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How a receiving half begins and ends, in every order of the peer's frames and this side's commands. */
class ReceiveHalfEndsTest {

    private static final long WINDOW = 1_024;
    private static final StreamId ID = new StreamId(7);
    private static final long CANCELLED = ErrorCode.CANCELLED.number();
    private static final long REFUSED = ErrorCode.REFUSED.number();

    private final Side b = SidePair.small().b;

    ReceiveHalfEndsTest() {
        b.config = StreamConfig.reliable().withFixedWindow(WINDOW);
    }

    // ---- the peer's OPEN

    @Test
    void nothingIsHereBeforeThePeersOpen() {
        ReceiveHalf half = b.open(ID).epoch().receiving();
        half.consumed(1);
        half.onPayloadReserved();
        half.payloadTooSlow();

        assertThat(half.poll()).isNull();
        assertThat(half.pending()).isZero();
        assertThat(half.elementsReceived()).isZero();
        assertThat(half.grantsSent()).isZero();
        assertThat(half.reservedBytes()).isZero();
        assertThat(half.payloadGained()).isEqualTo(-1);
        assertThat(half.closed()).isFalse();
        assertThat(half.ended()).isFalse();
    }

    @Test
    void aStopBeforeThePeersOpenIsWrittenWhenThatHasCome() {
        Probe atB = b.open(ID);
        ReceiveHalf half = atB.epoch().receiving();
        pumped();
        half.stop(ErrorCode.CANCELLED);
        assertThat(pumped()).isEmpty();

        peerOpens(true);

        assertThat(half.reservedBytes()).isZero();
        b.checkAccounts();
        assertThat(pumped()).contains(new StreamFrame.Stop(3, CANCELLED));
        assertThat(element(10)).as("on its way").isNull();
        assertThat(half.pending()).isZero();
        assertThat(b.table.onReset(new StreamFrame.Reset(3, CANCELLED))).isNull();
        assertThat(atB.told).containsExactly("receiveEnded CANCELLED");
    }

    @Test
    void aClaimWithALargerWindowGrantsIt() {
        b.config = StreamConfig.reliable().withFixedWindow(4 * WINDOW);
        b.policy = Side.Policy.LEAVE;
        peerOpens(false);
        element(100);

        b.accept(b.waiting.remove());

        assertThat(pumped()).contains(new CreditFrame.Window(3, 0, 4 * WINDOW));
        b.checkAccounts();
    }

    @Test
    void whoClaimsAStreamThatThePeerHasEndedIsToldByTheNextRecord() {
        b.policy = Side.Policy.LEAVE;
        peerOpens(false);
        b.table.onReset(new StreamFrame.Reset(3, REFUSED));

        Probe atB = b.accept(b.waiting.remove());
        assertThat(atB.told).as("not from inside the command").isEmpty();
        b.pump();

        assertThat(atB.told).containsExactly("receiveEnded REFUSED");
    }

    // ---- CLOSE

    @Test
    void aCloseThatCrossesAStopEndsTheHalfWithTheCodeOfTheStop() {
        Probe atB = accepted();
        pumped();
        atB.epoch().receiving().stop(ErrorCode.CANCELLED);
        element(10);

        assertThat(b.table.onClose(new StreamFrame.Close(3, 25, 1, 0)))
                .as("not what came")
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(b.table.onClose(new StreamFrame.Close(3, 26, 1, 0))).isNull();

        assertThat(atB.told).containsExactly("receiveEnded CANCELLED");
        assertThat(atB.epoch().receiving().closed()).isFalse();
    }

    @Test
    void aResetBehindACloseThatWasConsumedChangesNothing() {
        Probe atB = accepted();
        pumped();
        b.table.onClose(new StreamFrame.Close(3, 0, 0, 0));

        assertThat(b.table.onReset(new StreamFrame.Reset(3, CANCELLED))).isNull();

        assertThat(atB.told).containsExactly("receiveEnded null");
        assertThat(pumped()).containsExactly(new CreditFrame.Window(3, 0, WINDOW));
    }

    @Test
    void theSecondOfTwoResetsChangesNothing() {
        Probe atB = accepted();
        pumped();
        b.table.onReset(new StreamFrame.Reset(3, REFUSED));
        b.table.onReset(new StreamFrame.Reset(3, CANCELLED));

        assertThat(atB.told).containsExactly("receiveEnded REFUSED");
        assertThat(pumped()).containsExactly(new StreamFrame.Stop(3, REFUSED));
    }

    @Test
    void theLastElementFreesTheIdIfTheOtherHalfHasEnded() {
        b.takes = false;
        Probe atB = accepted();
        atB.epoch().sending().close();
        b.pump();
        b.table.onWindow(new CreditFrame.Window(3, 0, WINDOW));
        element(1);
        b.table.onClose(new StreamFrame.Close(3, 17, 1, 0));

        b.consume(atB);

        assertThat(b.open(ID).epoch().epoch()).as("both sides have confirmed").isEqualTo(1);
    }

    // ---- refusals

    @Test
    void givingUpBeforeTheAnswerRefusesTheStreamWhateverThePeerHasClosed() {
        Probe atB = accepted();
        b.table.onClose(new StreamFrame.Close(3, 0, 0, 0));

        atB.epoch().evict(ErrorCode.CANCELLED);

        assertThat(pumped())
                .as("and the place returns")
                .containsExactly(
                        new CreditFrame.Window(3, 0, WINDOW),
                        new StreamFrame.Stop(3, true, CANCELLED),
                        new CreditFrame.Window(0, 4, 6));
        assertThat(atB.told).containsExactly("receiveEnded null", "sendEnded CANCELLED", "ended");
    }

    @Test
    void givingUpBeforeTheAnswerRefusesTheStreamWhateverThePeerHasReset() {
        Probe atB = accepted();
        b.table.onReset(new StreamFrame.Reset(3, REFUSED));

        atB.epoch().evict(ErrorCode.CANCELLED);

        assertThat(pumped()).containsExactly(new StreamFrame.Stop(3, true, REFUSED), new CreditFrame.Window(0, 4, 6));
        assertThat(atB.told).containsExactly("receiveEnded REFUSED", "sendEnded CANCELLED", "ended");
    }

    @Test
    void endingOneHalfBeforeOpenIsWrittenLeavesTheOther() {
        Probe atB = b.open(ID);
        atB.epoch().sending().reset(ErrorCode.CANCELLED);

        assertThat(pumped()).hasSize(2).last().isEqualTo(new StreamFrame.Reset(3, CANCELLED));
        assertThat(atB.told).isEmpty();
        peerOpens(true);
        element(10);
        assertThat(atB.elements).hasSize(1);
    }

    @Test
    void endingBothHalvesBeforeOpenIsWrittenInAnyOrderTellsNobody() {
        Probe atB = b.open(ID);
        atB.epoch().receiving().stop(ErrorCode.CANCELLED);
        atB.epoch().sending().reset(ErrorCode.CANCELLED);

        assertThat(pumped()).isEmpty();
        assertThat(atB.told).hasSize(3).endsWith("ended");
        assertThat(b.table.remembered()).isZero();
    }

    private Probe accepted() {
        peerOpens(false);
        return b.last();
    }

    private void peerOpens(boolean answers) {
        b.opened++;
        StreamFrame.Open open = new StreamFrame.Open(3, ID.value(), 1, true, -1, false, answers, "", Headers.empty());
        assertThat(b.table.onOpen(open)).isNull();
    }

    private @Nullable ErrorCode element(int length) {
        return b.table.onData(3, true, true, -1, new byte[length], 0, length, length);
    }

    /** What the next record holds. */
    private List<Frame> pumped() {
        b.sent.clear();
        b.pump();
        return List.copyOf(b.sent);
    }
}
