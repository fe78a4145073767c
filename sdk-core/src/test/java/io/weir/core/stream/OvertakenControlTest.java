package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.StreamFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A receiving end whose carrier keeps no order between control frames and DATA: what may come when, and what may not. */
class OvertakenControlTest {

    private static final int WINDOW = 1_024;
    private static final StreamSettings SETTINGS = new StreamSettings(WINDOW, 64, 4_000).withOrder(FrameOrder.PER_HALF);

    private final Side b = new Side("B", SETTINGS, 1 << 20);

    OvertakenControlTest() {
        b.config = StreamConfig.reliable().withFixedWindow(WINDOW);
        b.table.ownHello(Hello.defaults());
        b.table.onPeerHello(Hello.defaults().withOpenLimit(100));
    }

    // ---- DATA before its OPEN

    @Test
    void dataWaitsForItsOpenAndComesInOrder() {
        assertThat(whole(3, 1)).isNull();
        assertThat(fragment(3, true, false, 30, 10)).isNull();
        assertThat(fragment(3, false, false, -1, 19)).isNull();
        assertThat(fragment(3, false, true, -1, 1)).isNull();
        assertThat(whole(3, 0)).isNull();

        assertThat(open(3)).isNull();

        assertThat(lengths()).containsExactly(1, 30, 0);
        assertThat(b.last().elements.get(1)).isEqualTo(counting(30));
        assertThat(b.last().epoch().receiving().elementsReceived()).isEqualTo(3);
    }

    @Test
    void anElementThatHasComeInPartGoesOnBehindTheOpen() {
        assertThat(fragment(3, true, false, 12, 0)).isNull();
        assertThat(fragment(3, false, false, -1, 5)).isNull();

        assertThat(open(3)).isNull();
        assertThat(lengths()).isEmpty();
        assertThat(fragment(3, false, true, -1, 7)).isNull();

        assertThat(lengths()).containsExactly(12);
    }

    @Test
    void dataOfHalvesThatAreOpenedLaterWaitsApart() {
        assertThat(whole(4, 4)).isNull();
        assertThat(whole(3, 3)).isNull();

        assertThat(open(3)).isNull();
        assertThat(lengths()).containsExactly(3);
        assertThat(open(4)).isNull();
        assertThat(lengths()).containsExactly(4);
    }

    @Test
    void noMoreWaitsThanTheWindowThatIsReservedForAnOpen() {
        assertThat(whole(3, WINDOW - 16)).isNull();
        assertThat(whole(3, 0)).isEqualTo(ErrorCode.FLOW_CONTROL);
    }

    @Test
    void fragmentsThatWaitCountByTheirBytes() {
        assertThat(fragment(3, true, false, 4_000, 8)).isNull();
        for (int i = 0; i < 1_000; i++) {
            assertThat(fragment(3, false, false, -1, 1)).isNull();
        }
        assertThat(fragment(3, false, false, -1, 1)).isEqualTo(ErrorCode.FLOW_CONTROL);
    }

    @Test
    void nothingWaitsForAnOpenThatIsNotAllowed() {
        long limit = b.table.openLimit();

        assertThat(whole(limit - 1, 1)).isNull();
        assertThat(whole(limit, 1)).isEqualTo(ErrorCode.STREAM_LIMIT);
    }

    @Test
    void fragmentsThatDoNotAddUpAreFoundOutBeforeTheOpen() {
        assertThat(fragment(3, false, true, -1, 1)).as("no first").isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(fragment(3, true, false, 10, 4)).isNull();
        assertThat(fragment(3, true, false, 10, 4)).as("first again").isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(fragment(3, false, false, -1, 6))
                .as("a last without its bit")
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(fragment(3, false, true, -1, 5)).as("too few").isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(fragment(3, false, true, -1, 7)).as("too many").isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void whatWaitsForAStreamThatIsRefusedIsDropped() {
        b.policy = Side.Policy.REFUSE;
        assertThat(whole(3, 500)).isNull();

        assertThat(open(3)).isNull();
        assertThat(whole(3, 492)).isNull();

        assertThat(whole(3, 0)).as("beyond the window").isEqualTo(ErrorCode.FLOW_CONTROL);
    }

    @Test
    void theEndOfTheSessionForgetsWhatWaits() {
        assertThat(whole(3, 500)).isNull();
        b.table.onSessionClosed();

        assertThat(b.budget.reserved()).isZero();
        assertThat(b.table.remembered()).isZero();
    }

    // ---- DATA behind CLOSE

    @Test
    void aCloseWaitsForTheDataBeforeIt() {
        open(3);
        assertThat(close(16 + 100, 1)).isNull();
        assertThat(b.last().receiveEnded).isZero();
        assertThat(b.last().epoch().receiving().closed()).isFalse();

        assertThat(whole(3, 100)).isNull();

        assertThat(lengths()).containsExactly(100);
        assertThat(b.last().told).containsExactly("receiveEnded null");
        b.pump();
        assertThat(b.sent).contains(new CreditFrame.Window(3, 116, WINDOW));
    }

    @Test
    void anErrorComesBehindTheDataThatItsCloseHasOvertaken() {
        open(3);
        assertThat(b.table.onClose(new StreamFrame.Close(3, 17, 1, ErrorCode.ENCODE_FAILED.number())))
                .isNull();
        assertThat(whole(3, 1)).isNull();

        assertThat(lengths()).containsExactly(1);
        assertThat(b.last().told).containsExactly("receiveEnded ENCODE_FAILED");
    }

    @Test
    void aCloseAndItsDataMayBothComeBeforeAnybodyConsumes() {
        b.takes = false;
        open(3);
        assertThat(close(2 * 16 + 3, 2)).isNull();
        assertThat(whole(3, 1)).isNull();
        assertThat(whole(3, 2)).isNull();
        assertThat(b.last().epoch().receiving().closed()).isTrue();
        assertThat(b.last().receiveEnded).isZero();

        b.consume(b.last());
        b.consume(b.last());

        assertThat(lengths()).containsExactly(1, 2);
        assertThat(b.last().told).containsExactly("receiveEnded null");
    }

    @Test
    void dataBehindTheFinalOffsetEndsTheSession() {
        open(3);
        assertThat(close(116, 1)).isNull();

        assertThat(whole(3, 101)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void aFinalOffsetBelowWhatHasComeEndsTheSession() {
        open(3);
        whole(3, 100);

        assertThat(close(115, 1)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void aFinalOffsetBeyondTheLimitEndsTheSession() {
        open(3);

        assertThat(close(WINDOW + 1, 1)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void aCloseThatMiscountsEndsTheSessionWhenAllHasCome() {
        open(3);
        assertThat(close(116, 2)).isNull();

        assertThat(whole(3, 100)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(b.last().receiveEnded).isZero();
    }

    @Test
    void aCloseInsideAnElementEndsTheSessionWhenAllHasCome() {
        open(3);
        assertThat(close(116, 1)).isNull();

        assertThat(fragment(3, true, false, 101, 100)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void aSecondCloseEndsTheSession() {
        open(3);
        assertThat(close(116, 1)).isNull();

        assertThat(close(116, 1)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void theEndOfTheSessionIsNoCompletionWhereDataIsMissing() {
        b.takes = false;
        open(3);
        whole(3, 10);
        assertThat(close(26 + 116, 2)).isNull();

        b.table.onSessionClosed();

        assertThat(b.last().epoch().receiving().closed()).isFalse();
        assertThat(b.last().epoch().receiving().pending()).isEqualTo(1);
    }

    @Test
    void whoStopsBehindACloseDropsTheDataThatItHasOvertaken() {
        open(3);
        assertThat(close(116, 1)).isNull();
        b.last().epoch().receiving().stop(ErrorCode.CANCELLED);

        assertThat(fragment(3, true, false, 101, 50)).isNull();
        b.pump();

        assertThat(b.sent).contains(new StreamFrame.Stop(3, ErrorCode.CANCELLED.number()));
        assertThat(b.last().told).containsExactly("receiveEnded CANCELLED");
        assertThat(lengths()).isEmpty();
        assertThat(fragment(3, false, true, -1, 50)).as("forgotten by now").isNull();
    }

    // ---- DATA behind RESET and STOP

    @Test
    void dataThatAResetHasOvertakenIsDropped() {
        open(3);
        assertThat(b.table.onReset(new StreamFrame.Reset(3, ErrorCode.CANCELLED.number())))
                .isNull();

        assertThat(whole(3, 100)).isNull();
        assertThat(lengths()).isEmpty();
        assertThat(whole(3, WINDOW)).as("beyond the limit").isEqualTo(ErrorCode.FLOW_CONTROL);
    }

    @Test
    void dataOfAHalfThatIsForgottenIsDropped() {
        open(3);
        b.table.onReset(new StreamFrame.Reset(3, ErrorCode.CANCELLED.number()));
        b.last().epoch().evict(ErrorCode.CANCELLED);
        b.pump();
        b.table.onStop(new StreamFrame.Stop(3, ErrorCode.CANCELLED.number()));
        b.pump();
        assertThat(b.table.liveStreams()).isZero();

        assertThat(whole(3, 100)).isNull();
        assertThat(b.table.remembered()).isZero();
    }

    @Test
    void aStoppedHalfAbsorbsDataUpToTheFinalOffset() {
        open(3);
        b.last().epoch().receiving().stop(ErrorCode.CANCELLED);
        assertThat(whole(3, 50)).isNull();
        assertThat(close(2 * 16 + 100, 2)).isNull();

        assertThat(whole(3, 51)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(whole(3, 50)).isNull();
    }

    // ---- on an ordered link nothing of that is allowed

    @Test
    void anOrderedLinkKeepsItsRules() {
        Side ordered = new Side("ordered", SETTINGS.withOrder(FrameOrder.TOTAL), 1 << 20);
        ordered.table.ownHello(Hello.defaults());
        ordered.table.onPeerHello(Hello.defaults().withOpenLimit(100));

        assertThat(ordered.table.onData(3, true, true, -1, new byte[1], 0, 1, 1))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        ordered.table.onOpen(openFrame(3));
        assertThat(ordered.table.onClose(new StreamFrame.Close(3, 17, 1, 0))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    // ---- the peer

    private @Nullable ErrorCode open(long handle) {
        return b.table.onOpen(openFrame(handle));
    }

    private static StreamFrame.Open openFrame(long handle) {
        return new StreamFrame.Open(handle, handle, 1, true, "n", Headers.empty());
    }

    private @Nullable ErrorCode close(long finalOffset, long elements) {
        return b.table.onClose(new StreamFrame.Close(3, finalOffset, elements, 0));
    }

    private @Nullable ErrorCode whole(long handle, int length) {
        return b.table.onData(handle, true, true, -1, new byte[length], 0, length, length);
    }

    private int fragmentsSent;

    /** Numbers its bytes through. */
    private @Nullable ErrorCode fragment(long handle, boolean first, boolean last, long total, int length) {
        if (first) {
            fragmentsSent = 0;
        }
        byte[] record = new byte[length + 4];
        for (int i = 0; i < length; i++) {
            record[2 + i] = (byte) fragmentsSent++;
        }
        return b.table.onData(handle, first, last, total, record, 2, length, record.length);
    }

    private static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private List<Integer> lengths() {
        return b.last().elements.stream().map(element -> element.length).toList();
    }
}
