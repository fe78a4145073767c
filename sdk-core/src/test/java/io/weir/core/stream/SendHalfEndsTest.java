package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.StreamFrame;
import org.junit.jupiter.api.Test;

/** What a sending half says once, and what crosses it, against a peer that is played frame by frame. */
class SendHalfEndsTest {

    private static final long WINDOW = 1_024;
    private static final long CANCELLED = ErrorCode.CANCELLED.number();

    private final SidePair pair = SidePair.small();
    private final Side a = pair.a;
    private final Probe atA;
    private final SendHalf half;

    SendHalfEndsTest() {
        a.config = StreamConfig.reliable().withFixedWindow(WINDOW);
        atA = a.open(new StreamId(7));
        half = atA.epoch().sending();
        a.pump();
        a.sent.clear();
    }

    // ---- the first end counts

    @Test
    void aSecondCloseChangesNothing() {
        assertThat(half.ended()).isFalse();
        half.close();
        assertThat(half.ended()).isTrue();
        half.close(ErrorCode.APPLICATION_ERROR);
        a.pump();
        half.close(ErrorCode.APPLICATION_ERROR);
        a.pump();

        assertThat(a.sent).containsExactly(new StreamFrame.Close(3, 0, 0, 0));
    }

    @Test
    void aCloseBehindAResetChangesNothing() {
        half.reset(ErrorCode.CANCELLED);
        half.close();
        a.pump();

        assertThat(a.sent).containsExactly(new StreamFrame.Reset(3, CANCELLED));
    }

    @Test
    void isSettledOnceHoweverOftenThePeerSaysSo() {
        a.send(atA, new byte[10]);
        half.close();
        a.pump();

        for (int i = 0; i < 2; i++) {
            assertThat(a.table.onWindow(new CreditFrame.Window(3, 26, WINDOW))).isNull();
        }

        assertThat(atA.told).containsExactly("sendEnded null", "settled null");
    }

    // ---- what crosses a reset behind CLOSE

    @Test
    void aResetThatIsNotWrittenIsNeedlessOnceAllIsConsumed() {
        closeThenReset();

        a.table.onWindow(new CreditFrame.Window(3, 26, WINDOW));

        assertThat(atA.told).as("not settled: it was reset").containsExactly("sendEnded null");
        assertNothingIsDue();
    }

    @Test
    void aResetThatIsNotWrittenIsNeedlessOnceThePeerStops() {
        closeThenReset();

        a.table.onStop(new StreamFrame.Stop(3, true, CANCELLED));

        assertThat(atA.told)
                .as("not settled; and the stream is refused")
                .containsExactly("sendEnded CANCELLED", "receiveEnded CANCELLED", "ended");
        assertNothingIsDue();
    }

    // ---- short of credit

    @Test
    void isToldOfAWindowThatShrinksAsElementsMayNeedFragmentsNow() {
        a.send(atA, new byte[500]);
        int before = atA.sendable;

        a.table.onWindow(new CreditFrame.Window(3, 516, WINDOW));

        assertThat(half.credit().window()).isEqualTo(WINDOW - 516);
        assertThat(atA.sendable).isEqualTo(before + 1);
    }

    @Test
    void isStillBlockedWhenThePeerConsumesAndGrantsNothing() {
        a.send(atA, new byte[500]);
        half.begin(a.writer, 600);
        a.sent.clear();

        a.table.onWindow(new CreditFrame.Window(3, 100, WINDOW));
        a.pump();

        assertThat(a.sent).containsExactly(new CreditFrame.Blocked(3, WINDOW, 516));
    }

    @Test
    void saysBlockedWithoutAnElementIfItsPublisherWasNotAsked() {
        half.blocked();
        half.blocked();
        a.pump();

        assertThat(a.sent).containsExactly(new CreditFrame.Blocked(3, WINDOW, 0));
    }

    // ---- records without room

    @Test
    void blockedWaitsForARecordWithRoom() {
        a.send(atA, new byte[500]);
        half.begin(a.writer, 600);

        assertWaitsForRoom(new CreditFrame.Blocked(3, WINDOW, 516));
    }

    @Test
    void closeWaitsForARecordWithRoom() {
        half.close();

        assertWaitsForRoom(new StreamFrame.Close(3, 0, 0, 0));
    }

    @Test
    void resetWaitsForARecordWithRoom() {
        half.reset(ErrorCode.CANCELLED);

        assertWaitsForRoom(new StreamFrame.Reset(3, CANCELLED));
    }

    private void closeThenReset() {
        a.send(atA, new byte[10]);
        half.close();
        a.pump();
        half.reset(ErrorCode.DRAIN_TIMEOUT);
        a.sent.clear();
    }

    private void assertNothingIsDue() {
        assertThat(a.table.hasControl()).isFalse();
        a.pump();
        assertThat(a.sent).isEmpty();
    }

    private void assertWaitsForRoom(Frame frame) {
        a.sent.clear();
        FrameWriter full = new FrameWriter(2, 2);
        a.table.writeControl(full);
        assertThat(full.isEmpty()).isTrue();
        assertThat(a.table.hasControl()).isTrue();

        a.pump();

        assertThat(a.sent).containsExactly(frame);
        assertThat(a.table.hasControl()).isFalse();
    }
}
