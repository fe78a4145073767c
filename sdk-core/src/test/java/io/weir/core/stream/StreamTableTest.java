package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Headers;
import io.weir.core.wire.StreamFrame;
import io.weir.core.wire.VarInt;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamTableTest {

    private static final StreamId ID = new StreamId(7);
    private static final long WINDOW = 1_024;

    private final SidePair pair = SidePair.small();
    private final Side a = pair.a;
    private final Side b = pair.b;

    StreamTableTest() {
        a.config = StreamConfig.reliable().withFixedWindow(WINDOW);
        b.config = a.config;
    }

    // ---- opening and joining

    @Test
    void bothHalvesOpenAndCarryElements() {
        Probe atA = a.open(ID);
        pair.settle();
        Probe atB = b.last();

        a.send(atA, bytes("there"));
        b.send(atB, bytes("back"));
        pair.settle();

        assertThat(atB.elements).containsExactly(bytes("there"));
        assertThat(atA.elements).containsExactly(bytes("back"));
        assertThat(atA.sendable).isPositive();
        assertThat(atB.epoch().name()).isEqualTo("n");
        assertThat(atB.epoch().peerReliable()).isTrue();
    }

    @Test
    void openJoinsTheEpochOfThePeerThatWaits() {
        b.policy = Side.Policy.LEAVE;
        a.open(ID);
        pair.settle();
        StreamEpoch waiting = b.waiting.element();

        Probe joined = b.open(ID);
        pair.settle();

        assertThat(joined.epoch()).isSameAs(waiting);
        assertThat(b.table.unclaimedStreams()).isZero();
        pair.checkAgreement();
    }

    @Test
    void openRefusesAnIdThatIsLiveHere() {
        Probe live = a.open(ID);

        assertThat(a.table.live(ID)).isSameAs(live.epoch());
        assertThatIllegalStateException().isThrownBy(() -> a.open(ID)).withMessageContaining("join it");
    }

    @Test
    void anOpenNotYetWrittenTakesTheHigherEpochOfThePeer() {
        // B is at epoch 2 of the id and A, which has forgotten it, opens without knowing
        b.open(ID).epoch().evict(ErrorCode.CANCELLED);
        Probe atA = a.open(ID);
        StreamFrame.Open open = new StreamFrame.Open(3, ID.value(), 2, true, "n", Headers.empty());

        assertThat(a.table.onOpen(open)).isNull();

        assertThat(atA.epoch().epoch()).isEqualTo(2);
        assertThat(atA.told).isEmpty();
        assertThat(a.table.live(ID)).isSameAs(atA.epoch());
    }

    @Test
    void anOpenThatIsTakenBackLeavesNothing() {
        for (int i = 0; i < 10_000; i++) {
            Probe atA = a.open(new StreamId(i));
            if (i % 2 == 0) {
                atA.epoch().receiving().stop(ErrorCode.CANCELLED);
            }
            assertThat(a.table.retract(atA.epoch())).isTrue();
            assertThat(a.table.retract(atA.epoch())).isFalse();
            assertThat(atA.told).isEmpty();
        }

        pair.settle();

        assertThat(a.table.liveStreams()).isZero();
        assertThat(a.table.remembered()).isZero();
        assertThat(b.probes).isEmpty();
        assertThat(a.table.canOpen()).isTrue();
    }

    @Test
    void anOpenThatIsTakenBackWaitsForNoCredit() {
        Side one = new Side("one", new StreamSettings(WINDOW, 1, 1_024), 1 << 20);
        Side a = new Side("a", one.settings, 1 << 20);
        a.hello(one);
        a.open(ID);
        Probe waits = a.open(new StreamId(8));
        a.pump();
        a.sent.clear();

        assertThat(a.table.retract(waits.epoch())).isTrue();
        a.receive(new CreditFrame.Window(0, 3, 5));
        a.pump();

        assertThat(a.sent).isEmpty();
        assertThat(a.table.liveStreams()).isOne();
    }

    @Test
    void whatThePeerHasHeardOfCannotBeTakenBack() {
        Probe written = a.open(ID);
        a.pump();
        assertThat(a.table.retract(written.epoch())).isFalse();

        Probe crossed = b.open(ID);
        pair.settle();
        assertThat(b.table.retract(crossed.epoch())).isFalse();
        assertThat(a.table.live(ID)).isNotNull();
        pair.checkAgreement();
    }

    @Test
    void anEpochThatThePeerNeverHeardOfLeavesItsNumberToThePeer() {
        for (boolean retracts : new boolean[] {true, false}) {
            SidePair fresh = SidePair.small();
            Probe first = fresh.a.open(ID);
            fresh.settle();
            first.epoch().evict(ErrorCode.CANCELLED); // remembered until the peer has answered
            Probe second = fresh.a.open(ID);
            assertThat(second.epoch().epoch()).isEqualTo(2);
            if (retracts) {
                fresh.a.table.retract(second.epoch());
            } else {
                second.epoch().evict(ErrorCode.CANCELLED);
            }

            fresh.a.receive(new StreamFrame.Open(4, ID.value(), 2, true, "n", Headers.empty()));

            assertThat(fresh.a.table.live(ID)).isNotNull();
            assertThat(fresh.a.table.live(ID).epoch()).isEqualTo(2);
        }
    }

    @Test
    void nothingOpensBeforeThePeersHello() {
        Side alone = new Side("alone", StreamSettings.defaults(), 1 << 22);

        assertThat(alone.table.canOpen()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> alone.open(ID));
    }

    @Test
    void ownStreamsAreBounded() {
        Side bounded = new Side("bounded", new StreamSettings(WINDOW, 4, 1_024, 1, 2), 1 << 20);
        bounded.hello(b);
        bounded.open(new StreamId(1));
        bounded.open(new StreamId(2));

        assertThat(bounded.table.canOpen()).isFalse();
        assertThatIllegalStateException()
                .isThrownBy(() -> bounded.open(new StreamId(3)))
                .withMessageContaining("maxOpened");
    }

    @Test
    void settingsNameWhatIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StreamSettings(15, 1, 1))
                .withMessage("initialWindowBytes is 15; legal: 16 to 1073741824");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StreamSettings(16, -1, 1))
                .withMessageContaining("maxStreams is -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StreamSettings(16, 1, 1L << 31))
                .withMessageContaining("maxPayloadBytes is 2147483648");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StreamSettings(16, 1, 1).withFreeWindow(15))
                .withMessage("freeWindowBytes is 15; legal: 16 to 1073741824");
    }

    // ---- ends

    @Test
    void reliableSendEndsWhenThePeerHasConsumedEverything() {
        b.takes = false;
        Probe atA = a.open(ID);
        pair.settle();
        Probe atB = b.last();
        a.send(atA, bytes("1"));
        atA.epoch().sending().close();
        pair.settle();

        assertThat(atA.sendEnded).isZero();
        assertThat(atB.receiveEnded).isZero();

        b.consume(atB);
        assertThat(atB.receiveEnded).isEqualTo(1);
        pair.settle();

        assertThat(atA.sendEnded).isEqualTo(1);
        assertThat(atA.stopped).isNull();
        assertThat(atB.reset).isNull();
    }

    @Test
    void fireAndForgetSendEndsWhenCloseIsWritten() {
        a.config = StreamConfig.fireAndForget();
        Probe atA = a.open(ID);
        pair.settle();
        atA.epoch().sending().close();

        a.pump();

        assertThat(atA.told).containsExactly("sendEnded null");
        pair.settle();
        b.last().epoch().sending().close();
        pair.settle();
        pair.checkClean();
    }

    @Test
    void resetDiscardsWhatIsQueued() {
        b.takes = false;
        Probe atA = a.open(ID);
        pair.settle();
        Probe atB = b.last();
        a.send(atA, bytes("1"));
        pair.settle();
        assertThat(atB.epoch().receiving().pending()).isEqualTo(1);

        atA.epoch().sending().reset(ErrorCode.APPLICATION_ERROR);
        pair.settle();

        assertThat(atB.reset).isEqualTo(ErrorCode.APPLICATION_ERROR);
        assertThat(atB.epoch().receiving().pending()).isZero();
        assertThat(b.consume(atB)).isFalse();
        assertThat(atA.stopped).isEqualTo(ErrorCode.APPLICATION_ERROR);
    }

    @Test
    void stopEndsThePeersSending() {
        Probe atA = a.open(ID);
        pair.settle();
        Probe atB = b.last();

        atB.epoch().receiving().stop(ErrorCode.CANCELLED);
        pair.settle();

        assertThat(atA.stopped).isEqualTo(ErrorCode.CANCELLED);
        assertThat(atA.epoch().sending().writable()).isFalse();
        assertThat(atA.receiveEnded).isZero();
        b.send(atB, bytes("still"));
        pair.settle();
        assertThat(atA.elements).hasSize(1);
    }

    @Test
    void refusalEndsBothHalvesOfTheOpener() {
        b.policy = Side.Policy.REFUSE;
        Probe atA = a.open(ID);

        pair.settle();

        assertThat(atA.stopped).isEqualTo(ErrorCode.REFUSED);
        assertThat(atA.reset).isEqualTo(ErrorCode.REFUSED);
        pair.checkClean();
    }

    @Test
    void aStopThatDoesNotRefuseLeavesTheOtherHalfToBeOpened() {
        Probe atA = a.open(ID);
        a.pump();

        assertThat(a.table.onStop(new StreamFrame.Stop(3, ErrorCode.CANCELLED.number())))
                .isNull();

        assertThat(atA.stopped).isEqualTo(ErrorCode.CANCELLED);
        assertThat(atA.epoch().receiving().ended()).isFalse();
        StreamFrame.Open answer = new StreamFrame.Open(3, ID.value(), 1, true, -1, false, true, "", Headers.empty());
        assertThat(a.table.onOpen(answer)).isNull();
        assertThat(a.table.onData(3, true, true, -1, new byte[1], 0, 1, 1)).isNull();
        assertThat(atA.elements).hasSize(1);
    }

    @Test
    void aHalfMayBeStoppedBeforeThisSidesOpenIsAllowed() {
        SidePair narrow = new SidePair(
                new Side("A", new StreamSettings(1_024, 64, 65_536), 1 << 20, SidePair.record(512)),
                new Side("B", new StreamSettings(1_024, 0, 65_536), 1 << 20, SidePair.record(512)));
        Probe atA = narrow.a.open(ID);
        Side c = narrow.a;
        c.pump();
        assertThat(c.sent).as("no open is allowed").noneMatch(StreamFrame.Open.class::isInstance);
        c.table.onOpen(new StreamFrame.Open(3, ID.value(), 1, true, "n", Headers.empty()));
        c.sent.clear();

        atA.epoch().receiving().stop(ErrorCode.CANCELLED);
        c.pump();
        assertThat(c.sent).contains(new StreamFrame.Stop(3, false, ErrorCode.CANCELLED.number()));
        c.table.onReset(new StreamFrame.Reset(3, ErrorCode.CANCELLED.number()));
        c.sent.clear();
        atA.epoch().evict(ErrorCode.IDLE_TIMEOUT);
        c.pump();

        assertThat(c.sent)
                .as("the refusal comes, though the half was stopped before")
                .contains(new StreamFrame.Stop(3, true, ErrorCode.IDLE_TIMEOUT.number()));
        assertThat(atA.told).hasSize(3).endsWith("ended");
    }

    @Test
    void aRefusalBehindThePeersOpenEndsTheSession() {
        a.open(ID);
        pair.settle();

        assertThat(a.table.onStop(new StreamFrame.Stop(3, true, 0))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void codesNobodyKnowsKeepTheirNumber() {
        Probe atA = a.open(ID);
        a.pump();

        a.table.onStop(new StreamFrame.Stop(3, 0x1234));

        assertThat(atA.stopped).isEqualTo(ErrorCode.UNKNOWN);
        a.sent.clear();
        a.pump();
        assertThat(a.sent).contains(new StreamFrame.Reset(3, 0x1234));
    }

    @Test
    void evictingAnUnwrittenOpenTellsNobody() {
        Probe atA = a.open(ID);
        atA.epoch().evict(ErrorCode.CANCELLED);
        assertThat(atA.told).isEmpty();

        a.pump();

        assertThat(a.sent).isEmpty();
        assertThat(atA.told).hasSize(3).endsWith("ended");
        pair.checkClean();
    }

    @Test
    void aHigherEpochEndsTheCurrentOne() {
        a.open(ID);
        pair.settle();
        Probe old = b.last();

        assertThat(b.table.onOpen(new StreamFrame.Open(4, ID.value(), 2, true, "n", Headers.empty())))
                .isNull();

        assertThat(old.told).containsExactly("sendEnded SUPERSEDED", "receiveEnded SUPERSEDED");
        assertThat(b.last().epoch().epoch()).isEqualTo(2);
        assertThat(b.table.live(ID)).isSameAs(b.last().epoch());
    }

    @Test
    void whatUsersDoWhenAnEpochIsSupersededChoosesNoOtherCode() {
        for (ErrorCode theirs : List.of(ErrorCode.CANCELLED, ErrorCode.APPLICATION_ERROR)) {
            SidePair fresh = SidePair.small();
            fresh.a.open(ID);
            fresh.settle();
            Probe old = fresh.b.last();
            old.onHalfEnded = () -> old.epoch().evict(theirs);

            fresh.b.table.onOpen(new StreamFrame.Open(4, ID.value(), 2, true, "n", Headers.empty()));
            fresh.b.pump();

            assertThat(fresh.b.sent)
                    .contains(
                            new StreamFrame.Stop(3, ErrorCode.SUPERSEDED.number()),
                            new StreamFrame.Reset(3, ErrorCode.SUPERSEDED.number()));
        }
    }

    @Test
    void aLowerEpochIsStale() {
        b.open(ID).epoch().evict(ErrorCode.CANCELLED);
        b.pump();
        b.table.onOpen(new StreamFrame.Open(3, ID.value(), 5, true, "n", Headers.empty()));
        b.sent.clear();

        assertThat(b.table.onOpen(new StreamFrame.Open(4, ID.value(), 4, true, "n", Headers.empty())))
                .isNull();
        b.pump();

        assertThat(b.sent).contains(new StreamFrame.Stop(4, true, ErrorCode.STALE_EPOCH.number()));
        assertThat(b.table.onReset(new StreamFrame.Reset(4, 0))).isNull();
        assertThat(b.table.liveStreams()).isEqualTo(1);
    }

    // ---- re-entrancy

    @Test
    void aListenerMayEndItsStreamFromInsideAnElement() {
        Probe atA = a.open(ID);
        pair.settle();
        Probe atB = b.last();
        atB.onElement = () -> atB.epoch().evict(ErrorCode.CANCELLED);

        a.send(atA, bytes("1"));
        a.send(atA, bytes("2"));
        pair.settle();

        assertThat(atB.elements).hasSize(1);
        assertThat(b.budget.reserved()).isEqualTo(promised(b));
        pair.checkClean();
    }

    @Test
    void aListenerMayOpenTheNextEpochFromInsideAnEnd() {
        Probe atA = a.open(ID);
        pair.settle();
        atA.onHalfEnded = () -> {
            if (!atA.epoch().isOpen() && a.table.live(ID) == null) {
                a.open(ID);
            }
        };

        b.last().epoch().evict(ErrorCode.CANCELLED);
        pair.settle();

        assertThat(a.last()).isNotSameAs(atA);
        assertThat(a.table.live(ID)).isSameAs(a.last().epoch());
        pair.checkAgreement();
    }

    @Test
    void writeControlMayNotBeEnteredFromInside() {
        Probe atA = a.open(ID);
        atA.epoch().evict(ErrorCode.CANCELLED);
        atA.onHalfEnded = () -> a.table.writeControl(a.writer);

        assertThatIllegalStateException().isThrownBy(a::pump).withMessageContaining("inside a callback");
    }

    // ---- session end

    @Test
    void sessionEndReleasesEverythingButWhatQueuedElementsHold() {
        b.takes = false;
        Probe atA = a.open(ID);
        pair.settle();
        Probe atB = b.last();
        a.send(atA, bytes("12345"));
        a.send(atA, bytes("6"));
        pair.settle();
        int told = atB.told.size();

        b.table.onSessionClosed();

        assertThat(b.budget.reserved()).isEqualTo(21 + 17);
        b.consume(atB);
        assertThat(b.budget.reserved()).isEqualTo(17);
        atB.epoch().receiving().stop(ErrorCode.CANCELLED);
        assertThat(b.budget.reserved()).isZero();
        assertThat(atB.elements).containsExactly(bytes("12345"));
        assertThat(atB.told).hasSize(told);
        assertThat(b.table.hasControl()).isFalse();
    }

    // ---- a peer's violations

    @Test
    void framesForHandlesNeverOpenedEndTheSession() {
        assertThat(b.table.onClose(new StreamFrame.Close(3, 0, 0, 0))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(b.table.onReset(new StreamFrame.Reset(3, 0))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(b.table.onBlocked(new CreditFrame.Blocked(3, 0, 0))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(b.table.onStop(new StreamFrame.Stop(3, 0))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(b.table.onWindow(new CreditFrame.Window(3, 0, 1))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(b.table.onData(3, true, true, -1, new byte[1], 0, 1, 1)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void framesForHandlesThatAreOverAreIgnored() {
        Probe atA = a.open(ID);
        pair.settle();
        atA.epoch().evict(ErrorCode.CANCELLED);
        pair.settle();
        pair.checkClean();

        assertThat(b.table.onReset(new StreamFrame.Reset(3, 0))).isNull();
        assertThat(b.table.onClose(new StreamFrame.Close(3, 0, 0, 0))).isNull();
        assertThat(b.table.onBlocked(new CreditFrame.Blocked(3, 0, 0))).isNull();
        assertThat(b.table.onStop(new StreamFrame.Stop(3, 0))).isNull();
        assertThat(b.table.onWindow(new CreditFrame.Window(3, 0, 1))).isNull();
        assertThat(b.table.onData(3, true, true, -1, new byte[1], 0, 1, 1))
                .as("DATA behind the end")
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void handlesThatDoNotRiseByOneEndTheSession() {
        assertThat(b.table.onOpen(open(4, 1))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(b.table.onOpen(open(3, 1))).isNull();
        assertThat(b.table.onOpen(open(3, 2))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void opensBeyondTheLimitEndTheSession() {
        int allowed = (int) (b.table.openLimit() - 3);
        for (int i = 0; i < allowed; i++) {
            assertThat(b.table.onOpen(open(3 + i, 100 + i))).isNull();
        }

        assertThat(b.table.onOpen(open(3 + allowed, 99))).isEqualTo(ErrorCode.STREAM_LIMIT);
    }

    @Test
    void twoOpensOfOneEpochEndTheSession() {
        assertThat(b.table.onOpen(open(3, 5))).isNull();
        assertThat(b.table.onOpen(open(4, 5))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void absurdEpochsEndTheSession() {
        assertThat(b.table.onOpen(new StreamFrame.Open(3, 1, VarInt.MAX, true, "", Headers.empty())))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void aSecondCloseEndsTheSession() {
        b.takes = false;
        Probe atA = a.open(ID);
        pair.settle();
        a.send(atA, bytes("1"));
        pair.settle();

        assertThat(b.table.onClose(new StreamFrame.Close(3, 17, 1, 0))).isNull();
        assertThat(b.table.onClose(new StreamFrame.Close(3, 17, 1, 0))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void aCloseThatContradictsWhatCameEndsTheSession() {
        for (StreamFrame.Close wrong : List.of(
                new StreamFrame.Close(3, 16, 1, 0),
                new StreamFrame.Close(3, 18, 1, 0),
                new StreamFrame.Close(3, 17, 0, 0))) {
            SidePair fresh = SidePair.small();
            Probe atA = fresh.a.open(ID);
            fresh.settle();
            fresh.a.send(atA, bytes("1"));
            fresh.settle();

            assertThat(fresh.b.table.onClose(wrong)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void dataBehindTheFinalOffsetEndsTheSession() {
        b.takes = false;
        Probe atA = a.open(ID);
        pair.settle();
        a.send(atA, bytes("1"));
        pair.settle();
        b.table.onClose(new StreamFrame.Close(3, 17, 1, 0));

        assertThat(b.table.onData(3, true, true, -1, new byte[1], 0, 1, 1)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void consumingWhatWasNotSentEndsTheSession() {
        Probe atA = a.open(ID);
        pair.settle();
        a.send(atA, bytes("1"));

        assertThat(a.table.onWindow(new CreditFrame.Window(3, 18, 5_000))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(a.table.onWindow(new CreditFrame.Window(0, 5, 500))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void limitsBeyondTheOffsetSpaceEndTheSession() {
        Probe atA = a.open(ID);
        pair.settle();

        assertThat(atA.epoch().sending().onWindow(0, (1L << 62) + 1)).isEqualTo(ErrorCode.FLOW_CONTROL);
    }

    @Test
    void fallingAndEqualGrantsAreIgnored() {
        Probe atA = a.open(ID);
        pair.settle();
        int before = atA.sendable;

        assertThat(a.table.onWindow(new CreditFrame.Window(3, 0, WINDOW))).isNull();
        assertThat(a.table.onWindow(new CreditFrame.Window(3, 0, 5))).isNull();
        assertThat(a.table.onWindow(new CreditFrame.Window(0, 3, 3))).isNull();

        assertThat(atA.epoch().sending().credit().limit()).isEqualTo(WINDOW);
        assertThat(atA.sendable).isEqualTo(before);
    }

    // ---- helpers

    private static StreamFrame.Open open(long handle, long id) {
        return new StreamFrame.Open(handle, id, 1, true, "n", Headers.empty());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long promised(Side side) {
        return (side.table.openLimit() - 3 - side.opened) * side.settings.initialWindowBytes();
    }
}
