package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.PacketLedger;
import io.weir.core.wire.StreamFrame;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a table writes again when a packet is lost: each frame with today's value, and none that is moot or has arrived. */
class LostFramesTest {

    private static final StreamId ID = new StreamId(7);
    private static final long CANCELLED = ErrorCode.CANCELLED.number();
    private static final long WINDOW = 1_024;

    private final SidePair pair = new SidePair(side("A"), side("B"));
    private final Side a = pair.a;

    private static Side side(String name) {
        StreamSettings settings = new StreamSettings(WINDOW, 64, 65_536).withOrder(FrameOrder.NONE);
        Side side = new Side(name, settings, 1 << 20, SidePair.record(512));
        side.config = StreamConfig.reliable().withFixedWindow(WINDOW);
        return side;
    }

    // ---- OPEN

    @Test
    void anOpenThatIsLostIsWrittenAgainAsItWas() {
        a.open(ID);
        PacketLedger first = written();
        List<Frame> open = frames();
        assertThat(open).hasSize(1);

        first.onLost();

        assertThat(a.table.hasControl()).isTrue();
        written();
        assertThat(frames()).isEqualTo(open);
    }

    @Test
    void anOpenKeepsWhatItSaidThoughThePeersHasComeMeanwhile() {
        a.config = StreamConfig.reliable().withFixedWindow(100);
        a.open(ID);
        PacketLedger first = written();
        List<Frame> open = frames();
        peerOpens(false);

        first.onLost();

        written();
        assertThat(frames()).isEqualTo(open);
        assertThat(((StreamFrame.Open) open.get(0)).answer()).isFalse();
    }

    @Test
    void anOpenThatThePeerHasSpokenAboutIsNotRepeated() {
        a.open(ID);
        PacketLedger first = written();
        frames();
        a.table.onWindow(new CreditFrame.Window(3, 0, WINDOW));

        first.onLost();

        assertNothingIsDue();
    }

    @Test
    void anOpenInTwoPacketsIsSettledByEither() {
        a.open(ID);
        PacketLedger first = written();
        first.onLost();
        PacketLedger second = written();
        frames();

        second.onAcked();
        first.onLost();
        first.onAcked();

        assertNothingIsDue();
    }

    @Test
    void anOpenThatArrivedAfterAllIsNotRepeated() {
        a.open(ID);
        PacketLedger first = written();
        frames();

        first.onLost();
        first.onAcked();

        assertNothingIsDue();
    }

    // ---- the sending half's others

    @Test
    void aCloseThatIsLostIsWrittenAgainUntilThePeerIsKnownToHaveIt() {
        Probe atA = opened();
        a.send(atA, new byte[10]);
        frames();
        atA.epoch().sending().close();
        PacketLedger first = written();
        List<Frame> close = frames();
        assertThat(close).containsExactly(new StreamFrame.Close(3, 26, 1, 0));

        first.onLost();
        PacketLedger second = written();
        assertThat(frames()).isEqualTo(close);
        second.onAcked();
        first.onLost();

        assertNothingIsDue();
    }

    @Test
    void aCloseIsRepeatedThoughAllIsConsumedForThatMayHaveBeenSaidBefore() {
        Probe atA = opened();
        atA.epoch().sending().close();
        PacketLedger first = written();
        frames();
        a.table.onWindow(new CreditFrame.Window(3, 0, WINDOW));

        assertThat(atA.told).containsExactly("sendEnded null", "settled null");

        first.onLost();

        PacketLedger second = written();
        assertThat(frames()).containsExactly(new StreamFrame.Close(3, 0, 0, 0));
        second.onAcked();
        assertNothingIsDue();
    }

    @Test
    void aCloseThatIsLostIsOwedToAPeerThatHasStoppedTheHalf() {
        Probe atA = opened();
        atA.epoch().sending().close();
        PacketLedger first = written();
        frames();
        a.table.onStop(new StreamFrame.Stop(3, CANCELLED));

        first.onLost();

        written();
        assertThat(frames()).as("it waits for CLOSE or RESET").containsExactly(new StreamFrame.Close(3, 0, 0, 0));
    }

    @Test
    void aStopThatComesWhileACloseIsToBeRepeatedDoesNotForgetIt() {
        Probe atA = opened();
        atA.epoch().sending().close();
        PacketLedger first = written();
        frames();
        first.onLost();

        a.table.onStop(new StreamFrame.Stop(3, CANCELLED));

        written();
        assertThat(frames()).containsExactly(new StreamFrame.Close(3, 0, 0, 0));
    }

    @Test
    void aCloseThatIsLostIsNotRepeatedBehindAReset() {
        Probe atA = opened();
        atA.epoch().sending().close();
        PacketLedger close = written();
        atA.epoch().sending().reset(ErrorCode.CANCELLED);
        PacketLedger reset = written();
        frames();

        close.onLost();
        assertNothingIsDue();
        reset.onLost();

        written();
        assertThat(frames()).containsExactly(new StreamFrame.Reset(3, CANCELLED));
    }

    @Test
    void aResetBehindACloseThatMayBeLostIsWrittenThoughThePeerHasStopped() {
        Probe atA = opened();
        atA.epoch().sending().close();
        PacketLedger close = written();
        frames();
        close.onLost();
        atA.epoch().sending().reset(ErrorCode.CANCELLED);

        a.table.onStop(new StreamFrame.Stop(3, CANCELLED));

        written();
        assertThat(frames()).containsExactly(new StreamFrame.Reset(3, CANCELLED));
    }

    @Test
    void aResetThatIsLostIsWrittenAgainThoughThePeerHasStoppedTheHalf() {
        Probe atA = opened();
        atA.epoch().sending().reset(ErrorCode.CANCELLED);
        PacketLedger first = written();
        frames();
        a.table.onStop(new StreamFrame.Stop(3, CANCELLED));

        first.onLost();

        PacketLedger second = written();
        assertThat(frames()).as("STOP may have crossed it").containsExactly(new StreamFrame.Reset(3, CANCELLED));
        second.onAcked();
        first.onLost();
        assertNothingIsDue();
    }

    @Test
    void aResetBehindACloseIsRepeatedThoughAllBeforeIsConsumed() {
        Probe atA = opened();
        atA.epoch().sending().close();
        written();
        atA.epoch().sending().reset(ErrorCode.CANCELLED);
        PacketLedger reset = written();
        frames();
        a.table.onWindow(new CreditFrame.Window(3, 0, WINDOW));

        reset.onLost();

        PacketLedger second = written();
        assertThat(frames()).containsExactly(new StreamFrame.Reset(3, CANCELLED));
        second.onAcked();
        assertNothingIsDue();
    }

    @Test
    void blockedIsRepeatedAtTheSameLimitOnly() {
        Probe atA = opened();
        a.send(atA, new byte[10]);
        frames();
        atA.epoch().sending().blocked();
        PacketLedger first = written();
        assertThat(frames()).containsExactly(new CreditFrame.Blocked(3, WINDOW, 26));

        first.onLost();
        PacketLedger second = written();
        assertThat(frames()).containsExactly(new CreditFrame.Blocked(3, WINDOW, 26));
        a.table.onWindow(new CreditFrame.Window(3, 0, 2 * WINDOW));
        second.onLost();

        assertNothingIsDue();
    }

    // ---- the receiving half's

    @Test
    void aWindowThatIsLostIsWrittenWithTodaysLimit() {
        Probe atA = opened();
        a.takes = false;
        atA.takes = false;
        peerOpens(true);
        element(584);
        a.consume(atA);
        PacketLedger first = written();
        assertThat(frames()).contains(new CreditFrame.Window(3, 600, WINDOW + 600));
        element(84);
        a.consume(atA);
        assertThat(a.table.hasControl()).as("not a quarter").isFalse();

        first.onLost();

        PacketLedger second = written();
        assertThat(frames()).contains(new CreditFrame.Window(3, 700, WINDOW + 700));
        second.onAcked();
        first.onAcked();
        assertNothingIsDue();
    }

    @Test
    void aWindowIsNotRepeatedWhereALaterOneWasWritten() {
        Probe atA = opened();
        peerOpens(true);
        element(584);
        PacketLedger first = written();
        element(584);
        PacketLedger second = written();
        frames();

        first.onLost();
        assertNothingIsDue();
        second.onLost();

        written();
        assertThat(frames()).contains(new CreditFrame.Window(3, 1_200, WINDOW + 1_200));
        assertThat(atA.elements).hasSize(2);
    }

    @Test
    void aWindowOfAHalfThatIsOverIsNotRepeated() {
        Probe atA = opened();
        peerOpens(true);
        element(584);
        PacketLedger first = written();
        atA.epoch().receiving().stop(ErrorCode.CANCELLED);
        written().onAcked();
        frames();

        first.onLost();

        assertNothingIsDue();
    }

    @Test
    void theWindowThatEndsADrainIsRepeatedUntilThePeerHasIt() {
        opened();
        peerOpens(true);
        a.table.onClose(new StreamFrame.Close(3, 0, 0, 0));
        PacketLedger first = written();
        frames();

        first.onLost();
        PacketLedger second = written();
        assertThat(frames()).contains(new CreditFrame.Window(3, 0, WINDOW));
        second.onLost();
        assertThat(a.table.hasControl()).isTrue();
        second.onAcked();

        assertNothingIsDue();
    }

    /** Both say the same, but who has the first may have had it before it wrote CLOSE, and waits for the second. */
    @Test
    void theAcknowledgementOfAWindowDoesNotSettleTheSameOneThatAnswersClose() {
        opened();
        peerOpens(true);
        element(584);
        PacketLedger first = written();
        List<Frame> told = frames();
        a.table.onClose(new StreamFrame.Close(3, 600, 1, 0));
        PacketLedger answer = written();
        assertThat(frames()).isEqualTo(told).contains(new CreditFrame.Window(3, 600, WINDOW + 600));

        first.onAcked();
        answer.onLost();

        written().onAcked();
        assertThat(frames()).isEqualTo(told);
        assertNothingIsDue();
    }

    @Test
    void aStopIsRepeatedUntilThePeerIsKnownToHaveIt() {
        Probe atA = opened();
        peerOpens(true);
        atA.epoch().receiving().stop(ErrorCode.CANCELLED);
        PacketLedger first = written();
        frames();
        a.table.onReset(new StreamFrame.Reset(3, CANCELLED));

        first.onLost();

        PacketLedger second = written();
        assertThat(frames()).as("RESET may have crossed it").contains(new StreamFrame.Stop(3, CANCELLED));
        second.onAcked();
        first.onLost();
        assertNothingIsDue();
    }

    @Test
    void theAcknowledgementOfAStopDoesNotSettleTheRefusalBehindIt() {
        Side narrow = side("C");
        narrow.table.onPeerHello(Hello.defaults().withOpenLimit(3));
        Probe probe = narrow.open(ID);
        narrow.opened++;
        narrow.table.onOpen(new StreamFrame.Open(3, ID.value(), 1, true, "n", Headers.empty()));
        probe.epoch().receiving().stop(ErrorCode.CANCELLED);
        PacketLedger stop = narrow.pumpNoted();
        probe.epoch().evict(ErrorCode.IDLE_TIMEOUT);
        PacketLedger refusal = narrow.pumpNoted();
        narrow.table.onReset(new StreamFrame.Reset(3, CANCELLED));
        narrow.sent.clear();

        stop.onAcked();
        refusal.onLost();
        narrow.pump();

        assertThat(narrow.sent).contains(new StreamFrame.Stop(3, true, ErrorCode.IDLE_TIMEOUT.number()));
    }

    // ---- opens

    @Test
    void placesThatAreLostAreTakenBackWithTodaysLimit() {
        peerOpens(4, new StreamId(9));
        PacketLedger first = written();
        assertThat(windowsOfOpens(frames())).containsExactly(new CreditFrame.Window(0, 3, 7));

        first.onLost();
        peerOpens(5, new StreamId(10));
        PacketLedger second = written();
        assertThat(windowsOfOpens(frames())).hasSize(1);
        first.onLost();
        second.onAcked();

        a.sent.clear();
        written();
        assertThat(windowsOfOpens(frames())).isEmpty();
    }

    @Test
    void blockedOfOpensIsRepeatedAtTheSameLimitOnly() {
        for (int i = 0; i < 4; i++) {
            a.open(new StreamId(i));
        }
        PacketLedger first = written();
        assertThat(frames()).contains(new CreditFrame.Blocked(0, 7, 5));
        a.open(new StreamId(4));

        first.onLost();
        PacketLedger second = written();
        assertThat(frames()).as("today's need").contains(new CreditFrame.Blocked(0, 8, 5));
        second.onAcked();
        first.onLost();
        assertNothingIsDue();

        a.table.onWindow(new CreditFrame.Window(0, 3, 7));
        written().onAcked();
        frames();
        second.onLost();
        assertNothingIsDue();
    }

    // ---- forgetting

    @Test
    void anIdIsForgottenOnlyWhenThePeerHasAllOfThisSidesFrames() {
        Probe atA = opened();
        peerOpens(true);
        atA.epoch().evict(ErrorCode.CANCELLED);
        PacketLedger ends = written();
        a.table.onStop(new StreamFrame.Stop(3, CANCELLED));
        a.table.onReset(new StreamFrame.Reset(3, CANCELLED));
        frames();
        assertThat(a.table.remembered()).isPositive();
        assertThat(atA.ended).isZero();
        assertThat(a.open(ID).epoch().epoch()).as("the number goes on").isEqualTo(2);

        ends.onAcked();

        assertThat(atA.ended).isEqualTo(1);
    }

    @Test
    void nothingIsWrittenAfterTheSessionsEnd() {
        a.open(ID);
        PacketLedger first = written();
        a.table.onSessionClosed();

        first.onLost();
        first.onAcked();

        assertThat(a.table.hasControl()).isFalse();
    }

    // ---- helpers

    private Probe opened() {
        Probe probe = a.open(ID);
        written().onAcked();
        frames();
        return probe;
    }

    private void peerOpens(boolean answers) {
        a.opened++;
        assertThat(a.table.onOpen(
                        new StreamFrame.Open(3, ID.value(), 1, true, -1, false, answers, "", Headers.empty())))
                .isNull();
        written().onAcked();
        frames();
    }

    private void peerOpens(long handle, StreamId id) {
        if (handle == 4) {
            peerOpensQuietly(3, new StreamId(8));
            written().onAcked();
            frames();
        }
        peerOpensQuietly(handle, id);
    }

    private void peerOpensQuietly(long handle, StreamId id) {
        a.policy = Side.Policy.LEAVE;
        a.opened++;
        assertThat(a.table.onOpen(new StreamFrame.Open(handle, id.value(), 1, true, "n", Headers.empty())))
                .isNull();
    }

    private void element(int length) {
        assertThat(a.table.onData(3, true, true, -1, new byte[length], 0, length, length))
                .isNull();
    }

    private PacketLedger written() {
        return a.pumpNoted();
    }

    private List<Frame> frames() {
        List<Frame> frames = List.copyOf(a.sent);
        a.sent.clear();
        return frames;
    }

    private static List<Frame> windowsOfOpens(List<Frame> frames) {
        return frames.stream()
                .filter(f -> f instanceof CreditFrame.Window w && w.handle() == 0)
                .toList();
    }

    private void assertNothingIsDue() {
        assertThat(a.table.hasControl()).isFalse();
        written();
        assertThat(frames()).isEmpty();
    }
}
