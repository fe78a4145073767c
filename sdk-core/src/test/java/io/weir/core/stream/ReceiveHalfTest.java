package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.StreamFrame;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Credit, fragments and large payloads at the receiving end, against a peer that follows no rules. */
class ReceiveHalfTest {

    private static final long WINDOW = 1_024;
    private static final int MAX_PAYLOAD = 10_000;

    private final Side a = new Side("A", new StreamSettings(WINDOW, 64, 1 << 20), 1 << 20);
    private final Side b = new Side("B", new StreamSettings(WINDOW, 64, MAX_PAYLOAD), 1 << 20);
    private final SidePair pair = new SidePair(a, b);
    private final Probe atB;
    private final ReceiveHalf half;

    ReceiveHalfTest() {
        a.config = StreamConfig.reliable().withFixedWindow(WINDOW);
        b.config = a.config;
        b.takes = false;
        a.open(new StreamId(7));
        pair.settle();
        atB = b.last();
        half = atB.epoch().receiving();
    }

    // ---- credit

    @Test
    void resetsStreamWhenPeerExceedsCreditAndSessionWhenItGoesOn() {
        assertThat(whole(1_008)).isNull();

        assertThat(whole(0)).as("the first offence costs the stream").isNull();

        assertThat(atB.told).containsExactly("sendEnded FLOW_CONTROL", "receiveEnded FLOW_CONTROL");
        b.pump();
        assertThat(b.sent)
                .contains(
                        new StreamFrame.Stop(3, ErrorCode.FLOW_CONTROL.number()),
                        new StreamFrame.Reset(3, ErrorCode.FLOW_CONTROL.number()));
        assertThat(half.reservedBytes()).isZero();
        assertThat(whole(0)).as("the next one the session").isEqualTo(ErrorCode.FLOW_CONTROL);
    }

    @Test
    void aStoppedHalfAbsorbsDataUpToItsLastLimit() {
        half.stop(ErrorCode.CANCELLED);

        assertThat(whole(1_008)).isNull();
        assertThat(half.pending()).isZero();
        assertThat(whole(0)).isEqualTo(ErrorCode.FLOW_CONTROL);
    }

    @Test
    void absorbedFragmentsCountByTheirBytes() {
        half.stop(ErrorCode.CANCELLED);

        assertThat(fragment(true, false, 2_000, 1_000)).isNull();
        assertThat(fragment(false, false, -1, 8)).isNull();
        assertThat(fragment(false, false, -1, 1)).isEqualTo(ErrorCode.FLOW_CONTROL);
    }

    @Test
    void grantsFollowConsumptionByAQuarterOfTheWindow() {
        b.sent.clear();
        for (int i = 0; i < 4; i++) {
            whole(112);
        }
        b.consume(atB);
        assertThat(b.table.hasControl()).isFalse();

        b.consume(atB);
        b.pump();

        assertThat(b.sent).containsExactly(new CreditFrame.Window(3, 256, WINDOW + 256));
        assertThat(half.grantsSent()).isEqualTo(1);
    }

    @Test
    void aBlockedPeerIsGrantedWhateverCanBe() {
        whole(100);
        whole(100);
        b.consume(atB);
        b.consume(atB);
        b.sent.clear();
        assertThat(b.table.hasControl()).isFalse();

        b.table.onBlocked(new CreditFrame.Blocked(3, WINDOW, 232));
        b.pump();

        assertThat(b.sent).containsExactly(new CreditFrame.Window(3, 232, WINDOW + 232));
    }

    @Test
    void elementsAreOfferedInOrderAndOnlyWhenNothingIsQueued() {
        whole(1);
        atB.takes = true;

        whole(2);
        b.consume(atB);
        b.consume(atB);
        whole(3);

        assertThat(atB.elements.stream().map(e -> e.length)).containsExactly(1, 2, 3);
        assertThat(half.elementsReceived()).isEqualTo(3);
    }

    // ---- fragments

    @Test
    void fragmentsWithinTheWindowAreOneElement() {
        atB.takes = true;
        fragment(true, false, 300, 100);
        fragment(false, false, -1, 150);
        assertThat(atB.elements).isEmpty();

        fragment(false, true, -1, 50);

        assertThat(atB.elements).hasSize(1);
        assertThat(atB.elements.get(0)).hasSize(300);
        assertThat(b.payloadBytes).isZero();
        assertThat(half.elementsReceived()).isEqualTo(1);
    }

    @Test
    void fragmentsThatDoNotAddUpEndTheSession() {
        assertThat(fragment(false, true, -1, 1)).as("no first").isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(fragment(true, false, 10, 5)).isNull();
        assertThat(fragment(false, true, -1, 4)).as("too short").isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(fragment(false, true, -1, 6)).as("too long").isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(fragment(false, false, -1, 5)).as("full, but not the last").isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(fragment(true, false, 10, 5)).as("interleaved").isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(whole(1)).as("a whole one between").isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(b.table.onClose(new StreamFrame.Close(3, half.elementsReceived() * 16 + 5, 1, 0)))
                .as("closed in the middle")
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    // ---- ends

    @Test
    void theCodeOfCloseIsToldAfterTheLastElement() {
        whole(1);
        whole(2);
        assertThat(b.table.onClose(new StreamFrame.Close(3, 35, 2, ErrorCode.APPLICATION_ERROR.number())))
                .isNull();
        b.consume(atB);
        assertThat(atB.told).isEmpty();

        b.consume(atB);
        assertThat(atB.elements).hasSize(2);
        assertThat(atB.told).containsExactly("receiveEnded APPLICATION_ERROR");
        b.pump();
        assertThat(b.sent).as("consumed = final, and no STOP").containsExactly(new CreditFrame.Window(3, 35, WINDOW));
    }

    @Test
    void aCodeThatIsNotKnownIsToldAsUnknown() {
        assertThat(b.table.onClose(new StreamFrame.Close(3, 0, 0, 1L << 40))).isNull();

        assertThat(atB.told).containsExactly("receiveEnded UNKNOWN");
    }

    @Test
    void aResetWithCodeZeroIsNoCompletion() {
        whole(1);
        assertThat(b.table.onReset(new StreamFrame.Reset(3, 0))).isNull();

        assertThat(atB.told).containsExactly("receiveEnded NONE");
    }

    @Test
    void theCodeOfCloseOutlivesTheSession() {
        whole(1);
        assertThat(half.closeCode()).isZero();
        b.table.onClose(new StreamFrame.Close(3, 17, 1, ErrorCode.ENCODE_FAILED.number()));

        b.table.onSessionClosed();
        assertThat(half.closed()).isTrue();
        assertThat(half.closeCode()).isEqualTo(ErrorCode.ENCODE_FAILED.number());
        assertThat(b.consume(atB)).isTrue();
    }

    // ---- large payloads

    @Test
    void aPayloadAboveTheMaximumIsRefusedAtItsFirstFragment() {
        assertThat(fragment(true, false, MAX_PAYLOAD + 1, 10)).isNull();

        assertThat(atB.told).containsExactly("receiveEnded PAYLOAD_TOO_LARGE");
        b.pump();
        assertThat(b.sent).contains(new StreamFrame.Stop(3, ErrorCode.PAYLOAD_TOO_LARGE.number()));
        assertThat(half.reservedBytes()).isZero();
        assertThat(atB.epoch().sending().writable())
                .as("the other half goes on")
                .isTrue();
        assertThat(fragment(false, false, -1, 100))
                .as("what is on its way is absorbed")
                .isNull();
        assertThat(b.table.onReset(new StreamFrame.Reset(3, ErrorCode.PAYLOAD_TOO_LARGE.number())))
                .isNull();
        assertThat(half.ended()).isTrue();
    }

    @Test
    void aWholePayloadAboveTheMaximumIsRefusedToo() {
        Side strict = new Side("strict", new StreamSettings(WINDOW, 64, 10), 1 << 20);
        SidePair other = new SidePair(new Side("A", a.settings, 1 << 20), strict);
        other.a.open(new StreamId(1));
        other.settle();

        assertThat(strict.table.onData(3, true, true, -1, new byte[11], 0, 11, 11))
                .isNull();

        assertThat(strict.last().reset).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
    }

    @Test
    void aPayloadLargerThanTheWindowWaitsForDemand() {
        fragment(true, false, 5_000, 1_008);
        assertThat(b.payloadBytes).isZero();
        assertThat(half.reservedBytes()).isEqualTo(WINDOW);

        half.demand(true);

        assertThat(b.payloadBytes).isEqualTo(5_000);
        b.sent.clear();
        b.pump();
        assertThat(b.sent).containsExactly(new CreditFrame.Window(3, 0, 16 + 5_000));
    }

    @Test
    void aPayloadLargerThanTheWindowWaitsForWhatIsQueuedBefore() {
        half.demand(true);
        whole(100);
        fragment(true, false, 5_000, 800);
        assertThat(b.payloadBytes).isZero();

        b.consume(atB);

        assertThat(b.payloadBytes).isEqualTo(5_000);
        b.sent.clear();
        b.pump();
        assertThat(b.sent).containsExactly(new CreditFrame.Window(3, 116, 116 + 16 + 5_000));
    }

    @Test
    void theReservedTotalGoesBackWhenThePayloadIsConsumed() {
        half.demand(true);
        fragment(true, false, 5_000, 1_000);
        b.pump();
        fragment(false, true, -1, 4_000);
        assertThat(half.pending()).isEqualTo(1);
        assertThat(b.payloadBytes).isEqualTo(5_000);

        b.consume(atB);

        assertThat(atB.elements.get(0)).hasSize(5_000);
        assertThat(b.payloadBytes).isZero();
        assertThat(half.reservedBytes()).isEqualTo(WINDOW);
        b.sent.clear();
        b.pump();
        assertThat(b.sent).containsExactly(new CreditFrame.Window(3, 5_016, 5_016 + WINDOW));
    }

    @Test
    void creditBeyondAReservedTotalIsStillAViolation() {
        half.demand(true);
        fragment(true, false, 5_000, 1_000);
        b.pump();
        fragment(false, true, -1, 4_000);

        whole(0);

        assertThat(atB.reset).isEqualTo(ErrorCode.FLOW_CONTROL);
        assertThat(b.payloadBytes).isZero();
    }

    @Test
    void aReservationThatComesLateLetsThePayloadPass() {
        b.reservesAtOnce = false;
        half.demand(true);
        fragment(true, false, 5_000, 1_000);
        b.sent.clear();
        b.pump();
        assertThat(b.sent).isEmpty();

        b.payloadsWaiting.remove().run();

        b.pump();
        assertThat(b.sent).containsExactly(new CreditFrame.Window(3, 0, 5_016));
        assertThat(b.payloadBytes).isEqualTo(5_000);
    }

    @Test
    void aReservationThatComesTooLateGoesBackAtOnce() {
        b.reservesAtOnce = false;
        half.demand(true);
        fragment(true, false, 5_000, 1_000);
        half.stop(ErrorCode.CANCELLED);

        b.payloadsWaiting.remove().run();

        assertThat(b.payloadBytes).isZero();
    }

    @Test
    void endingTheHalfGivesAReservedTotalBack() {
        half.demand(true);
        fragment(true, false, 5_000, 1_000);

        b.table.onReset(new StreamFrame.Reset(3, 0));

        assertThat(b.payloadBytes).isZero();
        assertThat(half.reservedBytes()).isZero();
    }

    @Test
    void theSessionsEndGivesAReservedTotalBack() {
        half.demand(true);
        fragment(true, false, 5_000, 1_000);

        b.table.onSessionClosed();

        assertThat(b.payloadBytes).isZero();
        assertThat(b.budget.reserved()).isZero();
    }

    @Test
    void aPayloadThatComesTooSlowlyEndsTheHalfAndGivesItsMemoryBack() {
        for (int came : new int[] {0, 1_000}) {
            ReceiveHalfTest fresh = new ReceiveHalfTest();
            fresh.half.payloadTooSlow();
            assertThat(fresh.half.ended()).as("none is on its way").isFalse();
            fresh.half.demand(true);
            fresh.fragment(true, false, 5_000, came);
            assertThat(fresh.half.payloadGained()).isEqualTo(came);

            fresh.half.payloadTooSlow();

            assertThat(fresh.atB.told).containsExactly("receiveEnded PAYLOAD_TIMEOUT");
            assertThat(fresh.b.payloadBytes).isZero();
            assertThat(fresh.half.payloadGained()).isEqualTo(-1);
            fresh.b.pump();
            assertThat(fresh.b.sent).contains(new StreamFrame.Stop(3, ErrorCode.PAYLOAD_TIMEOUT.number()));
        }
    }

    @Test
    void aHugeTotalAloneReservesNothing() {
        Side open = new Side("open", new StreamSettings(WINDOW, 64, Integer.MAX_VALUE - 1_025), 1 << 20);
        SidePair other = new SidePair(new Side("A", a.settings, 1 << 20), open);
        other.a.open(new StreamId(1));
        other.settle();

        assertThat(open.table.onData(3, true, false, Integer.MAX_VALUE - 1_025, new byte[9], 0, 9, 9))
                .isNull();

        assertThat(open.payloadBytes).isZero();
        open.checkAccounts();
    }

    @Test
    void onePayloadAtATimeIsReservedFor() {
        half.demand(true);
        for (int round = 1; round <= 3; round++) {
            assertThat(fragment(true, false, 3_000, 900)).isNull();
            b.pump();
            assertThat(fragment(false, true, -1, 2_100)).isNull();
            assertThat(b.payloadBytes).isEqualTo(3_000);
            b.consume(atB);
            assertThat(b.payloadBytes).isZero();
            b.pump();
        }
        assertThat(atB.elements.stream().map(e -> e.length)).containsExactly(3_000, 3_000, 3_000);
    }

    private @Nullable ErrorCode whole(int length) {
        return b.table.onData(3, true, true, -1, new byte[length], 0, length, length);
    }

    private @Nullable ErrorCode fragment(boolean first, boolean last, long total, int length) {
        return b.table.onData(3, first, last, total, new byte[length], 0, length, length);
    }
}
