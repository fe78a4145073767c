package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ApplicationException;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.ErrorDetail;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.PacketLedger;
import io.weir.core.wire.StreamFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A half that ends with an error of the application, whose text and payload are paid for as an element is. */
class ApplicationErrorEndsTest {

    private static final long WINDOW = 1_024;
    private static final StreamId ID = new StreamId(7);
    private static final long CODE = 0x1_002A;
    private static final ApplicationException ERROR = new ApplicationException(42, "no such", new byte[93], true);
    private static final ErrorDetail DETAIL = ErrorDetail.of(ERROR);
    private static final int COST = 116;

    private final SidePair pair = pair(FrameOrder.TOTAL);
    private final Side a = pair.a;
    private final Side b = pair.b;

    ApplicationErrorEndsTest() {
        for (Side side : List.of(a, b)) {
            side.config = StreamConfig.reliable().withFixedWindow(WINDOW);
        }
    }

    /** In records of the usual size. */
    private static SidePair pair(FrameOrder order) {
        return new SidePair(new StreamSettings(WINDOW, 64, 65_536).withOrder(order), 1 << 20);
    }

    // ---- the sending half

    @Test
    void sendsItBehindTheElementsAndCountsItInTheFinalOffset() {
        Probe atA = opened();
        a.send(atA, new byte[10]);
        atA.epoch().sending().close(ERROR);
        a.sent.clear();
        a.pump();

        assertThat(a.sent).containsExactly(new StreamFrame.Close(3, 26 + COST, 1, CODE, DETAIL));
        assertThat(atA.epoch().sending().credit().sent()).isEqualTo(26 + COST);
    }

    @Test
    void waitsForCreditAndSaysBlockedOnce() {
        Probe atA = opened();
        a.send(atA, new byte[(int) WINDOW - 16 - COST + 1]);
        a.sent.clear();
        atA.epoch().sending().close(ERROR);
        a.pump();
        long sent = WINDOW - COST + 1;
        assertThat(a.sent).containsExactly(new CreditFrame.Blocked(3, WINDOW, sent));
        assertThat(a.table.hasControl()).isFalse();
        assertThat(atA.told).isEmpty();

        a.sent.clear();
        a.table.onWindow(new CreditFrame.Window(3, 0, WINDOW + 1));
        a.pump();

        assertThat(a.sent).containsExactly(new StreamFrame.Close(3, sent + COST, 1, CODE, DETAIL));
        a.table.onWindow(new CreditFrame.Window(3, sent + COST, WINDOW + 1));
        assertThat(atA.told).containsExactly("sendEnded null", "settled null");
    }

    /** The BLOCKED of an element was due and not written when the half was closed. */
    @Test
    void theBlockedOfAnElementBeforeItIsNotLost() {
        Probe atA = opened();
        a.send(atA, new byte[(int) WINDOW - 16 - COST + 1]);
        atA.epoch().sending().begin(a.writer, 500);
        a.sent.clear();
        atA.epoch().sending().close(ERROR);
        a.pump();

        assertThat(a.sent).containsExactly(new CreditFrame.Blocked(3, WINDOW, WINDOW - COST + 1));
    }

    @Test
    void aBlockedThatWasDueIsNeedlessOnceThereIsCreditForAll() {
        Probe atA = opened();
        a.send(atA, new byte[500]);
        atA.epoch().sending().begin(a.writer, 900);
        a.sent.clear();
        atA.epoch().sending().close(ERROR);
        a.pump();

        assertThat(a.sent).containsExactly(new StreamFrame.Close(3, 516 + COST, 1, CODE, DETAIL));
        assertThat(a.table.hasControl()).isFalse();
    }

    @Test
    void whatExceedsTheWholeWindowIsTheNumberAlone() {
        Probe atA = opened();
        a.send(atA, new byte[10]);
        a.sent.clear();
        atA.epoch().sending().close(new ApplicationException(42, "", new byte[(int) WINDOW], true));
        a.pump();

        assertThat(a.sent)
                .containsExactly(new StreamFrame.Close(3, 26, 1, CODE, new ErrorDetail(true, "", Bytes.empty())));
    }

    @Test
    void aWindowThatTurnsOutSmallerGetsTheNumberAlone() {
        Probe atA = opened();
        a.send(atA, new byte[(int) WINDOW - 16]);
        a.sent.clear();
        atA.epoch().sending().close(ERROR);
        a.pump();
        a.sent.clear();
        a.table.onWindow(new CreditFrame.Window(3, WINDOW, WINDOW + COST - 1));
        a.pump();

        assertThat(a.sent)
                .containsExactly(new StreamFrame.Close(3, WINDOW, 1, CODE, new ErrorDetail(true, "", Bytes.empty())));
    }

    @Test
    void aPeerThatKnowsNoSuchErrorsHearsOneOfTheTable() {
        SidePair old = pair(FrameOrder.TOTAL);
        old.a.table.onPeerHello(old.b.table.ownHello(Hello.defaults()));
        Probe atA = old.a.open(ID);
        old.a.pump();
        old.a.sent.clear();
        atA.epoch().sending().close(ERROR);
        old.a.pump();

        assertThat(old.a.sent).containsExactly(new StreamFrame.Close(3, 0, 0, ErrorCode.APPLICATION_ERROR.number()));
    }

    @Test
    void aStopWhileItWaitsIsAnsweredByReset() {
        Probe atA = blockedByCredit();
        a.table.onStop(new StreamFrame.Stop(3, 9));
        a.pump();

        assertThat(a.sent).containsExactly(new StreamFrame.Reset(3, 9));
        assertThat(atA.told).first().isEqualTo("sendEnded LINK_LOST");
    }

    @Test
    void aResetWhileItWaitsTakesItsPlace() {
        Probe atA = blockedByCredit();
        atA.epoch().sending().reset(ErrorCode.DRAIN_TIMEOUT);
        a.pump();
        a.table.onWindow(new CreditFrame.Window(3, 0, 2 * WINDOW));
        a.pump();

        assertThat(a.sent).containsExactly(new StreamFrame.Reset(3, ErrorCode.DRAIN_TIMEOUT.number()));
    }

    @Test
    void isPaidForOnceThoughItIsWrittenAgain() {
        SidePair lossy = pair(FrameOrder.NONE);
        Probe atA = lossy.a.open(ID);
        lossy.a.pumpNoted().onAcked();
        atA.epoch().sending().close(ERROR);
        lossy.a.sent.clear();
        PacketLedger first = lossy.a.pumpNoted();
        first.onLost();
        lossy.a.pumpNoted();

        Frame close = new StreamFrame.Close(3, COST, 0, CODE, DETAIL);
        assertThat(lossy.a.sent).containsExactly(close, close);
        assertThat(atA.epoch().sending().credit().sent()).isEqualTo(COST);
    }

    // ---- the receiving half

    @ParameterizedTest
    @EnumSource(
            value = FrameOrder.class,
            names = {"TOTAL", "PER_HALF"})
    void isToldBehindTheLastElementAndConsumedWithIt(FrameOrder order) {
        Side side = receiving(order);
        side.takes = false;
        Probe there = open(side);
        element(side, 84);
        element(side, 84);
        assertThat(side.table.onClose(new StreamFrame.Close(3, 200 + COST, 2, CODE, DETAIL)))
                .isNull();
        assertThat(there.told).isEmpty();
        side.consume(there);
        assertThat(there.told).isEmpty();
        side.checkAccounts();
        side.sent.clear();
        side.consume(there);
        side.pump();

        assertThat(there.told).containsExactly("receiveEnded APPLICATION_ERROR");
        assertThat(there.epoch().receiving().detailOf(CODE)).isEqualTo(DETAIL);
        assertThat(windows(side))
                .last()
                .satisfies(window -> assertThat(window.consumed()).isEqualTo(200 + COST));
        side.checkAccounts();
    }

    @Test
    void waitsForElementsThatCloseHasOvertaken() {
        Side side = receiving(FrameOrder.PER_HALF);
        Probe there = open(side);
        side.table.onClose(new StreamFrame.Close(3, 200 + COST, 2, CODE, DETAIL));
        element(side, 84);
        assertThat(there.told).isEmpty();
        element(side, 84);

        assertThat(there.told).containsExactly("receiveEnded APPLICATION_ERROR");
        assertThat(side.table.onData(3, true, true, 0, new byte[1], 0, 1, 1))
                .as("behind the end")
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @ParameterizedTest
    @EnumSource(
            value = FrameOrder.class,
            names = {"TOTAL", "PER_HALF"})
    void endsASessionWhosePeerSaysMoreThanItWasAllowed(FrameOrder order) {
        Side side = receiving(order);
        open(side);
        element(side, (int) WINDOW - 16 - COST + 1);

        assertThat(side.table.onClose(new StreamFrame.Close(3, WINDOW + 1, 1, CODE, DETAIL)))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void endsASessionWhosePeerDoesNotCountIt() {
        Side side = receiving(FrameOrder.TOTAL);
        open(side);
        element(side, COST + 100);

        assertThat(side.table.onClose(new StreamFrame.Close(3, COST + 116, 1, CODE, DETAIL)))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void keepsNothingOfItWhereTheHalfWasStopped() {
        Side side = receiving(FrameOrder.TOTAL);
        Probe there = open(side);
        there.epoch().receiving().stop(ErrorCode.CANCELLED);
        side.pump();

        assertThat(side.table.onClose(new StreamFrame.Close(3, COST, 0, CODE, DETAIL)))
                .isNull();
        assertThat(there.told).containsExactly("receiveEnded CANCELLED");
        assertThat(there.epoch().receiving().detailOf(CODE)).isEqualTo(ErrorDetail.NONE);
        side.checkAccounts();
    }

    @Test
    void holdsNoMemoryOfALostSessionOnceTheQueueIsEmpty() {
        Side side = receiving(FrameOrder.TOTAL);
        side.takes = false;
        Probe there = open(side);
        element(side, 84);
        side.table.onClose(new StreamFrame.Close(3, 100 + COST, 1, CODE, DETAIL));
        side.table.onSessionClosed();
        assertThat(there.epoch().receiving().closed()).isTrue();
        assertThat(there.epoch().receiving().detailOf(CODE)).isEqualTo(DETAIL);
        side.consume(there);

        assertThat(side.budget.reserved()).isZero();
    }

    // ---- both

    @Test
    void crossesUnderCreditHoweverSlowlyItIsConsumed() {
        b.takes = false;
        Probe atA = a.open(ID);
        pair.settle();
        for (int i = 0; i < 10; i++) {
            assertThat(a.send(atA, new byte[84])).isTrue();
        }
        atA.epoch().sending().close(ERROR);
        pair.settle();
        Probe atB = b.last();
        assertThat(atB.told).isEmpty();
        while (b.consume(atB)) {
            pair.settle();
            pair.checkAgreementOfAccounts();
        }
        assertThat(atB.told).containsExactly("receiveEnded APPLICATION_ERROR");
        assertThat(atB.epoch().receiving().detailOf(CODE)).isEqualTo(DETAIL);
        pair.endAll();
    }

    private Probe opened() {
        Probe atA = a.open(ID);
        a.pump();
        a.sent.clear();
        return atA;
    }

    private Probe blockedByCredit() {
        Probe atA = opened();
        a.send(atA, new byte[(int) WINDOW - 16]);
        atA.epoch().sending().close(ERROR);
        a.pump();
        a.sent.clear();
        return atA;
    }

    private static Side receiving(FrameOrder order) {
        Side side = pair(order).b;
        side.config = StreamConfig.reliable().withFixedWindow(WINDOW);
        return side;
    }

    private static Probe open(Side side) {
        side.opened++;
        side.table.onOpen(new StreamFrame.Open(3, ID.value(), 1, true, "n", Headers.empty()));
        side.pump();
        return side.last();
    }

    private static void element(Side side, int length) {
        assertThat(side.table.onData(3, true, true, 0, new byte[length], 0, length, length))
                .isNull();
    }

    private static List<CreditFrame.Window> windows(Side side) {
        List<CreditFrame.Window> windows = new ArrayList<>();
        side.sent.forEach(frame -> {
            if (frame instanceof CreditFrame.Window window && window.handle() == 3) {
                windows.add(window);
            }
        });
        return windows;
    }
}
