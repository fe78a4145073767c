package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Headers;
import io.weir.core.wire.SessionFrame;
import io.weir.core.wire.StreamFrame;
import org.junit.jupiter.api.Test;

/** One side says GOAWAY: nothing new begins, what was begun goes on. */
class GoingAwayTest {

    private final SidePair pair = SidePair.small();
    private final Side a = pair.a;
    private final Side b = pair.b;

    @Test
    void namesTheHighestHandleTaken() {
        assertThat(b.table.goAway()).isZero();

        SidePair other = SidePair.small();
        other.a.open(new StreamId(1));
        other.a.open(new StreamId(2));
        other.settle();
        assertThat(other.b.table.goAway()).isEqualTo(Frame.FIRST_HANDLE + 1);
    }

    @Test
    void letsWhatWasBegunGoOn() {
        Probe sender = a.open(new StreamId(1));
        pair.settle();
        b.goAway();
        pair.settle();

        assertThat(a.send(sender, new byte[] {1})).isTrue();
        assertThat(b.send(b.last(), new byte[] {2})).isTrue();
        sender.epoch().sending().close();
        b.last().epoch().sending().close();
        pair.settle();

        assertThat(b.last().elements).hasSize(1);
        assertThat(sender.elements).hasSize(1);
        assertThat(sender.told)
                .containsExactlyInAnyOrder("sendEnded null", "settled null", "receiveEnded null", "ended");
        pair.checkClean();
    }

    @Test
    void endsWhatTheOtherSideHasNotTaken() {
        Probe crossing = a.open(new StreamId(1));
        a.pump(); // its OPEN is on the way
        Probe unwritten = a.open(new StreamId(2));
        b.goAway();
        pair.deliverFrom(b);

        for (Probe probe : new Probe[] {crossing, unwritten}) {
            assertThat(probe.stopped).isEqualTo(ErrorCode.GOING_AWAY);
            assertThat(probe.reset).isEqualTo(ErrorCode.GOING_AWAY);
        }
        pair.settle();
        assertThat(b.probes).as("streams that b was told of").isEmpty();
        pair.checkClean();
    }

    @Test
    void refusesAnOpenThatCrossesAsNotTaken() {
        Probe crossing = a.open(new StreamId(1));
        a.pump();
        long last = b.table.goAway();
        pair.deliverFrom(a);
        b.pump();

        assertThat(b.sent).contains(new StreamFrame.Stop(Frame.FIRST_HANDLE, true, ErrorCode.GOING_AWAY.number()));
        b.sent.addFirst(new SessionFrame.Goaway(last, 0, 0, 0));
        pair.settle();
        assertThat(crossing.stopped).isEqualTo(ErrorCode.GOING_AWAY);
        pair.checkClean();
    }

    @Test
    void pairsAnAnswerThatCrosses() {
        b.policy = Side.Policy.LEAVE;
        Probe asking = a.open(new StreamId(1));
        pair.settle();
        a.goAway();
        b.accept(b.waiting.remove()); // its OPEN has a handle that a's GOAWAY does not name
        pair.settle();

        assertThat(asking.sendEnded).isZero();
        assertThat(b.send(b.last(), new byte[] {1})).isTrue();
        pair.settle();
        assertThat(asking.elements).hasSize(1);
        pair.endAll();
    }

    @Test
    void opensWhatWasAskedForBeforeItWentAway() {
        Probe asked = a.open(new StreamId(1));
        a.goAway();
        pair.settle();

        assertThat(asked.sendable).isPositive();
        assertThat(b.probes).hasSize(1);
        pair.endAll();
    }

    @Test
    void opensNothingNewOnEitherSide() {
        a.goAway();
        assertThat(a.table.canOpen()).isFalse();
        assertThat(b.table.canOpen()).isTrue();
        pair.settle();
        for (Side side : new Side[] {a, b}) {
            assertThat(side.table.canOpen()).isFalse();
            assertThat(side.table.isGoingAway()).isTrue();
            assertThatIllegalStateException()
                    .isThrownBy(() -> side.table.open(
                            new StreamId(1), "n", Headers.empty(), StreamConfig.reliable(), new Probe()))
                    .withMessageContaining("going away");
        }
    }

    @Test
    void givesBothSidesOpenCreditBackForWhatIsRefused() {
        a.goAway();
        for (int i = 0; i < 200; i++) {
            b.sent.add(new StreamFrame.Open(
                    Frame.FIRST_HANDLE + i, i, 1, true, "n", Headers.empty())); // a peer that goes on regardless
            pair.deliverFrom(b);
            a.pump();
            assertThat(a.sent.stream().filter(StreamFrame.Stop.class::isInstance))
                    .hasSize(1);
            a.sent.clear();
            b.sent.add(new StreamFrame.Reset(Frame.FIRST_HANDLE + i, 0));
            pair.deliverFrom(b);
        }
        assertThat(a.table.liveStreams()).isZero();
        assertThat(a.table.peerOpens()).isZero();
    }

    @Test
    void endsTheSessionOverAHandleThatWasNeverOpened() {
        a.open(new StreamId(1));
        pair.settle();

        assertThat(a.table.onPeerGoaway(Frame.FIRST_HANDLE)).isNull();
        assertThat(a.table.onPeerGoaway(0)).isNull();
        assertThat(a.table.onPeerGoaway(Frame.FIRST_HANDLE + 1)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(a.table.onPeerGoaway(CreditFrame.REPLIES_HANDLE)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(b.table.onPeerGoaway(Long.MAX_VALUE)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    // ---- when a drain is over

    @Test
    void settlesAFireAndForgetHalfOnlyWhenThePeerHasConsumed() {
        a.config = StreamConfig.fireAndForget().withFixedWindow(65_536);
        b.takes = false;
        Probe sender = a.open(new StreamId(1));
        pair.settle();
        a.send(sender, new byte[10]);
        sender.epoch().sending().close();
        pair.settle();
        assertThat(sender.told).containsExactly("sendEnded null");

        b.consume(b.last());
        pair.settle();
        assertThat(sender.told).containsExactly("sendEnded null", "settled null");
        pair.endAll();
    }

    @Test
    void settlesWithTheCodeOfAPeerThatStopsFirst() {
        a.config = StreamConfig.fireAndForget().withFixedWindow(65_536);
        b.takes = false;
        Probe sender = a.open(new StreamId(1));
        pair.settle();
        a.send(sender, new byte[10]);
        sender.epoch().sending().close();
        pair.settle();
        b.last().epoch().receiving().stop(ErrorCode.CANCELLED);
        pair.settle();

        assertThat(sender.told).containsExactly("sendEnded null", "settled CANCELLED");
        pair.endAll();
    }

    @Test
    void neverSettlesAHalfThatIsReset() {
        b.takes = false;
        Probe sender = a.open(new StreamId(1));
        pair.settle();
        a.send(sender, new byte[10]);
        sender.epoch().sending().close();
        pair.settle();
        sender.epoch().sending().reset(ErrorCode.DRAIN_TIMEOUT);
        pair.settle();

        assertThat(sender.settled).isZero();
        assertThat(b.last().reset).isEqualTo(ErrorCode.DRAIN_TIMEOUT);
        pair.endAll();
    }
}
