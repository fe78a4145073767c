package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Headers;
import io.weir.core.wire.StreamFrame;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an OPEN says, and what the peer's says to this side: names, handlers, first windows, places. */
class StreamOpensTest {

    private static final long WINDOW = 1_024;
    private static final StreamId ID = new StreamId(7);

    private final SidePair pair = SidePair.small();
    private final Side a = pair.a;
    private final Side b = pair.b;

    StreamOpensTest() {
        a.config = StreamConfig.reliable().withFixedWindow(WINDOW);
        b.config = a.config;
    }

    // ---- what it is for

    @Test
    void onlyTheOpenerSaysWhatTheStreamIsFor() {
        Headers headers = Headers.of("k", "v");
        Probe probe = new Probe();
        probe.epoch = a.table.open(ID, "name", headers, true, StreamConfig.fireAndForget(), probe);
        a.probes.add(probe);
        pair.settle();

        StreamEpoch atB = b.last().epoch();
        assertThat(atB.name()).isEqualTo("name");
        assertThat(atB.headers()).isEqualTo(headers);
        assertThat(atB.handlerOnly()).isTrue();
        assertThat(atB.peerReliable()).isFalse();
        assertThat(probe.epoch().peerReliable()).isTrue();
        StreamFrame.Open answer = pair.trace.stream()
                .filter(StreamFrame.Open.class::isInstance)
                .map(StreamFrame.Open.class::cast)
                .filter(StreamFrame.Open::answer)
                .findFirst()
                .orElseThrow();
        assertThat(answer).isEqualTo(new StreamFrame.Open(3, 7, 1, true, -1, false, true, "", Headers.empty()));
    }

    @Test
    void aStreamForWhomeverClaimsItAsksForNoHandler() {
        a.open(ID);
        pair.settle();

        assertThat(b.last().epoch().handlerOnly()).isFalse();
    }

    @Test
    void whatWaitsToBeClaimedIsNotInUse() {
        b.policy = Side.Policy.LEAVE;
        a.open(ID);
        pair.settle();

        assertThat(b.table.live(ID)).isNull();
        assertThat(b.waiting.element().isOpen()).isFalse();
    }

    // ---- first windows

    @Test
    void aSmallerWindowThanHellosIsAnnouncedAndHoldsForTheAnswer() {
        a.config = StreamConfig.reliable().withFixedWindow(WINDOW - 1);
        Probe atA = a.open(ID);
        a.pump();
        assertThat(((StreamFrame.Open) a.sent.element()).window()).isEqualTo(WINDOW - 1);

        pair.settle();

        assertThat(atA.epoch().receiving().reservedBytes()).isEqualTo(WINDOW - 1);
        assertThat(b.last().epoch().sending().credit().limit()).isEqualTo(WINDOW - 1);
        pair.checkAgreementOfAccounts();
    }

    @Test
    void hellosWindowIsNotAnnouncedAgain() {
        for (long bytes : List.of(StreamConfig.GROW_FREELY, WINDOW, 2 * WINDOW)) {
            SidePair fresh = SidePair.small();
            fresh.a.config = StreamConfig.reliable().withMaxWindow(1 << 20).withWindow(bytes);
            fresh.a.open(ID);
            fresh.a.pump();
            assertThat(((StreamFrame.Open) fresh.a.sent.element()).window()).isEqualTo(-1);
        }
    }

    /** The stream's opener may have used all of HELLO's by then. */
    @Test
    void anAnswerAnnouncesNoWindow() {
        b.config = StreamConfig.reliable().withFixedWindow(WINDOW / 2);
        a.open(ID);
        a.pump();
        while (!a.sent.isEmpty()) {
            pair.deliverFrom(a);
        }

        b.pump();

        assertThat(b.sent)
                .filteredOn(StreamFrame.Open.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        StreamFrame.Open.class,
                        open -> assertThat(open.window()).isEqualTo(-1));
    }

    @Test
    void hellosWindowHoldsForAnOpenThatCrosses() {
        a.config = StreamConfig.reliable().withFixedWindow(WINDOW / 2);
        Probe atA = a.open(ID);
        a.pump();
        assertThat(a.table.onOpen(open(3, 1, -1, false))).isNull();

        assertThat(atA.epoch().receiving().reservedBytes()).isEqualTo(WINDOW);
    }

    @Test
    void aWindowThatThePeerAnnouncesAfterThisSidesOpenChangesNothing() {
        Probe atA = a.open(ID);
        a.pump();
        assertThat(a.table.onOpen(open(3, 1, 100, false))).isNull();

        assertThat(atA.epoch().sending().credit().limit()).isEqualTo(WINDOW);
    }

    @Test
    void aLargerWindowIsGrantedWhenTheAnswerHasCome() {
        a.config = StreamConfig.reliable().withFixedWindow(4 * WINDOW);
        a.open(ID);
        a.pump();
        a.sent.clear();
        assertThat(a.table.onOpen(open(3, 1, -1, true))).isNull();
        a.pump();

        assertThat(a.sent).contains(new CreditFrame.Window(3, 0, 4 * WINDOW));
    }

    @Test
    void aStopOfOneHalfDoesNotWaitForTheAnswer() {
        b.table.onOpen(open(3, 1, -1, false));
        b.last().epoch().receiving().stop(ErrorCode.CANCELLED);
        b.pump();

        assertThat(b.sent.stream().map(frame -> frame.getClass().getSimpleName()))
                .containsSubsequence("Stop", "Open");
    }

    // ---- withdrawn and beyond

    @Test
    void aHigherEpochWithdrawsOneThatWaitsToBeClaimed() {
        b.policy = Side.Policy.LEAVE;
        b.table.onOpen(open(3, 1, -1, false));

        b.table.onOpen(open(4, 2, -1, false));

        assertThat(b.withdrawn).isEqualTo(1);
        assertThat(b.table.unclaimedStreams()).isEqualTo(1);
        assertThat(b.waiting.element().epoch()).isEqualTo(2);
    }

    @Test
    void theLastStreamThatThePeerHasTakenGoesOnBeyondItsGoaway() {
        Probe taken = a.open(ID);
        Probe beyond = a.open(new StreamId(8));
        a.pump();

        assertThat(a.table.onPeerGoaway(3)).isNull();

        assertThat(taken.told).isEmpty();
        assertThat(beyond.told).containsExactly("sendEnded GOING_AWAY", "receiveEnded GOING_AWAY");
    }

    // ---- places and bounds

    @Test
    void theAnswersPlaceReturnsWhenThePeersHalfIsOver() {
        Probe atA = a.open(ID);
        pair.settle();
        assertThat(a.table.peerOpens()).isEqualTo(1);
        b.last().epoch().sending().close();
        pair.settle();

        assertThat(atA.receiveEnded).isEqualTo(1);
        assertThat(atA.epoch().sending().writable()).isTrue();
        assertThat(a.table.peerOpens()).isZero();
    }

    @Test
    void streamsOfThePeerThatAreOverAllowNoMoreOfThisSides() {
        Side bounded = new Side("bounded", new StreamSettings(WINDOW, 8, 1_024, 1, 1), 1 << 20);
        bounded.policy = Side.Policy.REFUSE;
        bounded.hello(b);
        bounded.table.openLimit();
        bounded.table.onOpen(open(3, 1, -1, false));
        bounded.table.onReset(new StreamFrame.Reset(3, 0));
        bounded.pump();
        assertThat(bounded.table.liveStreams()).isZero();

        bounded.open(new StreamId(8));

        assertThat(bounded.table.canOpen()).isFalse();
    }

    // ---- what a table tells of itself

    @Test
    void countsWhatItRemembers() {
        Probe atA = a.open(ID);
        pair.settle();

        assertThat(a.table.remembered()).as("the id and both handles").isEqualTo(3);
        assertThat(a.table.openHalves()).isEqualTo(1);
        assertThat(a.table.peerMaxPayloadBytes()).isEqualTo(65_536);
        a.table.retract(atA.epoch());
        assertThat(a.table.live(ID)).isNotNull();
    }

    @Test
    void tellsWhenSomethingCameLast() {
        b.now = 5;
        b.table.onOpen(open(3, 1, -1, false));
        assertThat(b.last().epoch().stats().lastActivityNanos()).isEqualTo(5);

        b.table.tick(9);
        b.table.onData(3, true, true, -1, new byte[1], 0, 1, 1);
        assertThat(b.last().epoch().stats().lastActivityNanos()).isEqualTo(9);
    }

    @Test
    void tellsWhenSomethingWasSentLastWholeOrInPart() {
        Probe atA = a.open(ID);
        pair.settle();
        a.table.tick(7);
        assertThat(a.send(atA, new byte[10])).isTrue();
        assertThat(atA.epoch().stats().lastActivityNanos()).isEqualTo(7);

        a.table.tick(8);
        ByteBuffer large = ByteBuffer.allocate(1 << 20);
        Write last = Write.RECORD_FULL;
        while (last == Write.RECORD_FULL) {
            last = a.sendPart(atA, large);
        }
        assertThat(atA.epoch().stats().lastActivityNanos()).as("a part").isEqualTo(8);

        a.table.tick(9);
        assertThat(a.sendPart(atA, large)).isEqualTo(Write.NO_CREDIT);
        assertThat(atA.epoch().stats().lastActivityNanos()).as("no credit").isEqualTo(8);
    }

    private static StreamFrame.Open open(long handle, long epoch, long window, boolean answer) {
        return new StreamFrame.Open(handle, ID.value(), epoch, true, window, false, answer, "", Headers.empty());
    }
}
