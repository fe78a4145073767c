package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.StreamFrame;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a table tells its host that there is something to write, and in which order it is written. */
class ControlLaneTest {

    private static final StreamId ID = new StreamId(7);

    private final SidePair pair = SidePair.small();
    private final Side a = pair.a;

    // ---- wake-ups

    @Test
    void wakesForAnOpenThatIsAllowed() {
        assertWakes(1, () -> a.open(ID));
        assertThat(a.table.hasControl()).isTrue();
        assertThat(pumped()).hasSize(1);
        assertThat(a.table.hasControl()).isFalse();
    }

    @Test
    void wakesForAnOpenThatIsNotAllowedOnlyToSayBlocked() {
        a.open(ID);
        a.open(new StreamId(8));
        pumped();

        assertWakes(1, () -> a.open(new StreamId(9)));
        assertThat(pumped()).containsExactly(new CreditFrame.Blocked(0, 6, 5));
        assertWakes(0, () -> a.open(new StreamId(10)));
        assertThat(a.table.hasControl()).isFalse();
        assertThat(a.table.waitingOpens()).isEqualTo(2);
    }

    @Test
    void wakesWhenOpensAreAllowedForWhichSomethingWaits() {
        assertWakes(0, () -> a.table.onWindow(new CreditFrame.Window(0, 3, 6)));
        for (int i = 0; i < 4; i++) {
            a.open(new StreamId(i));
        }
        pumped();

        assertWakes(0, () -> a.table.onWindow(new CreditFrame.Window(0, 3, 6)));
        assertWakes(1, () -> a.table.onWindow(new CreditFrame.Window(0, 3, 7)));
        assertThat(pumped()).hasSize(1).first().isInstanceOf(StreamFrame.Open.class);
    }

    @Test
    void wakesOnceForAllHalvesThatHaveSomethingToSay() {
        Probe first = a.open(ID);
        Probe second = a.open(new StreamId(8));
        pumped();

        assertWakes(1, () -> {
            first.epoch().sending().close();
            second.epoch().sending().close();
        });
        assertThat(pumped()).hasSize(2);
    }

    @Test
    void wakesForPlacesThatAreDueToThePeer() {
        a.policy = Side.Policy.LEAVE;
        pumped();

        assertWakes(1, () -> peerOpens(3, ID));

        assertThat(pumped()).containsExactly(new CreditFrame.Window(0, 3, 6));
    }

    @Test
    void wakesWhenMemoryThatThePeerWaitsForIsFreed() {
        long free = a.budget.available();
        a.budget.tryReserve(free);
        a.table.onBlocked(new CreditFrame.Blocked(0, 10, 3));
        pumped();
        a.budget.release(free);

        assertWakes(1, a.table::onMemoryFreed);
    }

    @Test
    void promisesWhatMemoryAllowsWheneverItWrites() {
        long free = a.budget.available();
        a.budget.tryReserve(free);
        a.table.onBlocked(new CreditFrame.Blocked(0, 10, 3));
        pumped();
        a.budget.release(free);

        assertThat(pumped()).containsExactly(new CreditFrame.Window(0, 3, 10));
    }

    @Test
    void whatCallbacksMakeDueIsWrittenInTheSameRecordWithoutAWake() {
        Probe gone = a.open(ID);
        gone.epoch().evict(ErrorCode.CANCELLED);
        gone.onHalfEnded = () -> {
            if (gone.sendEnded + gone.receiveEnded == 1) {
                a.open(new StreamId(8));
            }
        };

        assertWakes(0, a::pump);

        assertThat(a.sent).hasSize(1).first().isInstanceOf(StreamFrame.Open.class);
    }

    @Test
    void nothingIsDueNorWakesAfterTheSessionsEnd() {
        Probe closing = a.open(ID);
        pumped();
        closing.epoch().sending().close();
        a.open(new StreamId(8));
        a.policy = Side.Policy.LEAVE;
        peerOpens(3, new StreamId(9));
        StreamEpoch waiting = a.waiting.remove();
        a.accept(waiting);

        a.table.onSessionClosed();

        assertThat(a.table.hasControl()).isFalse();
        assertThat(a.table.waitingOpens()).isZero();
        assertWakes(0, () -> closing.epoch().evict(ErrorCode.CANCELLED));
        assertThat(pumped()).isEmpty();
        assertThat(a.budget.reserved()).as("nothing is promised any more").isZero();
    }

    // ---- order and room

    @Test
    void anOpenThatBecomesAnAnswerPassesThoseThatBeginSomething() {
        a.open(new StreamId(1));
        a.open(new StreamId(2));
        pumped();
        a.open(new StreamId(8));
        a.open(ID);
        pumped();

        peerOpens(3, ID);
        a.table.onWindow(new CreditFrame.Window(0, 3, 6));

        List<Frame> opens =
                pumped().stream().filter(StreamFrame.Open.class::isInstance).toList();
        assertThat(opens).hasSize(1);
        assertThat(((StreamFrame.Open) opens.get(0)).id()).isEqualTo(ID.value());
        assertThat(((StreamFrame.Open) opens.get(0)).answer()).isTrue();
    }

    @Test
    void anOpenWaitsForARecordWithRoom() {
        Probe opening = a.open(ID);
        FrameWriter full = new FrameWriter(2, 2);

        a.table.writeControl(full);

        assertThat(full.isEmpty()).isTrue();
        assertThat(opening.epoch().sending().opened()).isFalse();
        assertThat(a.table.hasControl()).isTrue();
        assertThat(pumped()).hasSize(1);
        assertThat(opening.epoch().sending().writable()).isTrue();
    }

    private void peerOpens(long handle, StreamId id) {
        assertThat(a.table.onOpen(new StreamFrame.Open(handle, id.value(), 1, true, "", Headers.empty())))
                .isNull();
    }

    private void assertWakes(int times, Runnable what) {
        int before = a.controlPending;
        what.run();
        assertThat(a.controlPending - before).isEqualTo(times);
    }

    /** What the next record holds. */
    private List<Frame> pumped() {
        a.sent.clear();
        a.pump();
        return List.copyOf(a.sent);
    }
}
