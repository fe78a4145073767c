package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Headers;
import io.weir.core.wire.StreamFrame;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a receiving half takes, counts, keeps and grants, at the limits of each. */
class IntakeTest {

    private static final long WINDOW = 1_024;
    private static final int MAX_PAYLOAD = 10_000;

    private final Side b = new Side("B", new StreamSettings(WINDOW, 64, MAX_PAYLOAD).withFreeWindow(8_192), 1 << 20);

    IntakeTest() {
        b.config = StreamConfig.reliable().withFixedWindow(WINDOW);
        b.takes = false;
    }

    // ---- what is taken

    @Test
    void aPayloadOfTheLargestSizeIsTaken() {
        ReceiveHalf half = accepted();

        fragment(true, false, MAX_PAYLOAD, 10);

        assertThat(half.ended()).isFalse();
        Side narrow = new Side("narrow", new StreamSettings(WINDOW, 64, 10), 1 << 20);
        narrow.takes = false;
        narrow.table.onOpen(open());
        narrow.table.onData(3, true, true, -1, new byte[10], 0, 10, 10);
        assertThat(narrow.last().epoch().receiving().pending()).isEqualTo(1);
    }

    @Test
    void aFirstFragmentBeyondTheCreditIsNotBegun() {
        ReceiveHalf half = accepted();

        assertThat(fragment(true, false, 5_000, (int) WINDOW - 15)).isNull();

        assertThat(b.last().reset).isEqualTo(ErrorCode.FLOW_CONTROL);
        assertThat(half.elementsReceived()).isZero();
    }

    /** Whatever length a peer announces, its bytes must not be copied beyond the end of the array. */
    @Test
    void aFragmentLongerThanTheRestOfItsElementEndsTheSession() {
        accepted();
        fragment(true, false, 10, 5);

        assertThat(fragment(false, false, -1, 6)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void aStoppedHalfCountsElementsAndNotTheirFragments() {
        ReceiveHalf half = accepted();
        half.stop(ErrorCode.CANCELLED);

        whole(10);
        fragment(true, false, 100, 50);
        fragment(false, true, -1, 50);

        assertThat(half.elementsReceived()).isEqualTo(2);
    }

    @Test
    void anElementAtWhichTheListenerEndsTheHalfIsNotKept() {
        ReceiveHalf half = accepted();
        b.last().onElement = () -> half.stop(ErrorCode.CANCELLED);

        whole(10);

        assertThat(half.pending()).isZero();
        assertThat(half.reservedBytes()).isZero();
    }

    @Test
    void aCloseOfAPeerThatBrokeItsCreditIsTakenWhateverItSays() {
        accepted();
        whole((int) WINDOW - 16);
        whole(0);

        assertThat(b.table.onClose(new StreamFrame.Close(3, 999, 7, 0))).isNull();

        assertThat(b.last().told).containsExactly("sendEnded FLOW_CONTROL", "receiveEnded FLOW_CONTROL");
    }

    @Test
    void theSessionsEndKeepsTheMemoryOfWholeElementsAndOfNoPart() {
        accepted();
        whole(10);
        whole(100);
        fragment(true, false, 800, 200);
        b.consume(b.last());

        b.table.onSessionClosed();

        assertThat(b.budget.reserved()).isEqualTo(116);
        b.consume(b.last());
        assertThat(b.budget.reserved()).isZero();
    }

    // ---- what is granted

    @Test
    void aBlockedPeerWaitsForTheQuarterWhileElementsWaitHere() {
        accepted();
        b.pump();
        for (int i = 0; i < 3; i++) {
            whole(50);
        }
        b.table.onBlocked(new CreditFrame.Blocked(3, WINDOW, 198));
        assertThat(b.table.hasControl()).as("nothing is consumed").isFalse();

        b.consume(b.last());
        b.consume(b.last());
        assertThat(b.table.hasControl()).as("the third waits").isFalse();
        b.consume(b.last());

        assertThat(b.table.hasControl()).isTrue();
    }

    @Test
    void aClaimThatAsksForNoSizeGetsTheFreeWindow() {
        b.config = StreamConfig.reliable().withWindow(StreamConfig.GROW_FREELY);
        ReceiveHalf half = accepted();

        assertThat(half.reservedBytes()).isEqualTo(8_192);
        b.sent.clear();
        b.pump();
        assertThat(b.sent).contains(new CreditFrame.Window(3, 0, 8_192));
    }

    @Test
    void aFixedWindowStaysWhateverThePeerNeeds() {
        assertThat(reservedAfterASlowRound(StreamConfig.reliable().withFixedWindow(WINDOW), 0))
                .isEqualTo(WINDOW);
    }

    /** The answer to a grant tells the round trip when it comes, not when the subscriber has taken it. */
    @Test
    void aWindowDoesNotGrowForASubscriberThatIsSlowerThanTheLink() {
        StreamConfig growing = StreamConfig.reliable().withWindow(WINDOW).withMaxWindow(64 * WINDOW);

        assertThat(reservedAfterASlowRound(growing, 10_000_000_000L)).isEqualTo(WINDOW);
        assertThat(new IntakeTest().reservedAfterASlowRound(growing, 0)).isGreaterThan(WINDOW);
    }

    /** Two full windows, each at once; the second is taken so long after it came. */
    private long reservedAfterASlowRound(StreamConfig config, long nanos) {
        b.config = config;
        ReceiveHalf half = accepted();
        half.demand(true);
        whole((int) WINDOW - 16);
        b.table.onBlocked(new CreditFrame.Blocked(3, WINDOW, WINDOW));
        b.consume(b.last());
        b.pump();
        b.now += 10_000_000;
        whole((int) WINDOW - 16);
        b.now += nanos;
        b.consume(b.last());
        b.table.onBlocked(new CreditFrame.Blocked(3, 2 * WINDOW, 2 * WINDOW));
        return half.reservedBytes();
    }

    // ---- payloads larger than the window

    @Test
    void onlyAPayloadThatDoesNotFitTheWindowIsReservedFor() {
        for (int more = 0; more < 2; more++) {
            IntakeTest fresh = new IntakeTest();
            fresh.accepted().demand(true);

            fresh.fragment(true, false, WINDOW - 16 + more, 500);

            assertThat(fresh.b.payloadBytes).isEqualTo(more == 0 ? 0 : WINDOW - 15);
        }
    }

    @Test
    void whatIsReservedIsGrantedThoughDemandIsGoneMeanwhile() {
        b.reservesAtOnce = false;
        ReceiveHalf half = accepted();
        half.demand(true);
        fragment(true, false, 5_000, 1_000);
        half.demand(false);
        b.pump();
        b.sent.clear();

        b.payloadsWaiting.remove().run();

        b.pump();
        assertThat(b.sent).containsExactly(new CreditFrame.Window(3, 0, 5_016));
    }

    @Test
    void aReservationThatItsPayloadNeedsNoMoreGoesBackAndTheNextAsksAnew() {
        b.policy = Side.Policy.LEAVE;
        b.reservesAtOnce = false;
        b.config = StreamConfig.reliable().withFixedWindow(4 * WINDOW);
        b.table.onOpen(open());
        ReceiveHalf half = b.waiting.element().receiving();
        half.demand(true);
        fragment(true, false, 3_000, 1_000);
        b.accept(b.waiting.remove());
        b.pump();
        fragment(false, true, -1, 2_000);
        fragment(true, false, 9_000, 500);
        b.consume(b.last());
        assertThat(b.payloadsWaiting).as("of the first").hasSize(1);

        b.payloadsWaiting.remove().run();

        assertThat(b.payloadBytes).as("the first needs none").isZero();
        assertThat(b.payloadsWaiting).as("of the second").hasSize(1);
        b.payloadsWaiting.remove().run();
        assertThat(b.payloadBytes).isEqualTo(9_000);
    }

    @Test
    void aDiscardedPayloadIsLetGo() {
        LargePayload payload = new LargePayload(accepted().stream(), b);
        payload.elements().begin(5_000, 0);
        payload.elements().append(new byte[100], 0, 100, false, WINDOW);

        payload.discard();

        assertThat(payload.elements().inProgress()).isFalse();
        assertThat(payload.elements().take()).isEmpty();
    }

    @Test
    void anElementHoldsNoMoreThanItsPeerWasAllowedToSend() {
        Reassembly parts = new Reassembly();
        parts.begin(1_000_000, 300);

        assertThat(parts.append(new byte[10], 0, 10, false, 300 + WINDOW)).isTrue();

        assertThat(parts.take()).hasSize((int) WINDOW - 16);
    }

    private ReceiveHalf accepted() {
        assertThat(b.table.onOpen(open())).isNull();
        return b.last().epoch().receiving();
    }

    private static StreamFrame.Open open() {
        return new StreamFrame.Open(3, 7, 1, true, "n", Headers.empty());
    }

    private @Nullable ErrorCode whole(int length) {
        return b.table.onData(3, true, true, -1, new byte[length], 0, length, length);
    }

    private @Nullable ErrorCode fragment(boolean first, boolean last, long total, int length) {
        return b.table.onData(3, first, last, total, new byte[length], 0, length, length);
    }
}
