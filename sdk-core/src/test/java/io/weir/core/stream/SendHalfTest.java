package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.FrameOverhead;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.StreamFrame;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class SendHalfTest {

    private static final long WINDOW = 100_000;

    private final Side a = new Side("A", new StreamSettings(WINDOW, 64, 1 << 20), 1 << 24);
    private final Side b = new Side("B", new StreamSettings(WINDOW, 64, 1 << 20), 1 << 24);
    private final SidePair pair = new SidePair(a, b);
    private final FrameWriter out = a.writer;
    private final Probe atA;
    private final SendHalf half;

    SendHalfTest() {
        a.config = StreamConfig.reliable().withFixedWindow(WINDOW);
        b.config = a.config;
        atA = a.open(new StreamId(7));
        half = atA.epoch().sending();
    }

    @Test
    void isWritableOnlyBetweenOpenAndEnd() {
        assertThat(half.writable()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> half.begin(out, 1));

        opened();
        assertThat(half.writable()).isTrue();

        half.close();
        assertThat(half.writable()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> half.begin(out, 1)).withMessageContaining("CLOSING");
        assertThatIllegalStateException().isThrownBy(() -> half.write(out, ByteBuffer.allocate(1)));
    }

    @Test
    void wholeElementsSpendTheirCost() {
        opened();

        element(10);
        element(0);

        assertThat(half.credit().sent()).isEqualTo(26 + 16);
        assertThat(half.elementsSent()).isEqualTo(2);
    }

    @Test
    void anElementThatFailsToEncodeLeavesNoTrace() {
        opened();
        out.reset();
        assertThat(half.begin(out, 10)).isEqualTo(Write.OK);
        out.payload().put((byte) 1);

        half.abortElement();

        assertThat(out.isEmpty()).isTrue();
        assertThat(half.credit().sent()).isZero();
        assertThat(half.elementsSent()).isZero();
        assertThat(half.begin(out, 5)).as("the same record takes the next").isEqualTo(Write.OK);
        half.abortElement();
        element(5);
        assertThatIllegalStateException().isThrownBy(() -> {
            half.abortElement();
            half.abortElement();
        });
    }

    @Test
    void saysBlockedOncePerLimit() {
        opened();
        element(60_000);
        a.sent.clear();

        assertThat(half.begin(out, 60_000)).isEqualTo(Write.NO_CREDIT);
        assertThat(half.begin(out, 60_000)).isEqualTo(Write.NO_CREDIT);
        half.blocked();
        a.pump();
        assertThat(half.begin(out, 60_000)).isEqualTo(Write.NO_CREDIT);
        a.pump();
        assertThat(a.sent).containsExactly(new CreditFrame.Blocked(3, WINDOW, 60_016));
        assertThat(half.backpressureEvents()).isEqualTo(1);

        a.table.onWindow(new CreditFrame.Window(3, 0, WINDOW + 1));
        assertThat(half.begin(out, 60_000)).isEqualTo(Write.NO_CREDIT);
        a.pump();
        assertThat(a.sent).last().isEqualTo(new CreditFrame.Blocked(3, WINDOW + 1, 60_016));
    }

    @Test
    void blockedIsForgottenWhenCreditComesFirst() {
        opened();
        element(60_000);
        a.sent.clear();
        half.begin(out, 60_000);

        a.table.onWindow(new CreditFrame.Window(3, 60_016, WINDOW + 60_016));
        a.pump();

        assertThat(a.sent).isEmpty();
    }

    @Test
    void creditThatRisesIsTold() {
        opened();
        int before = atA.sendable;

        a.table.onWindow(new CreditFrame.Window(3, 0, WINDOW + 1));

        assertThat(atA.sendable).isEqualTo(before + 1);
    }

    @Test
    void elementsLargerThanARecordGoInFragments() {
        opened();
        assertThat(half.begin(out, 70_000)).isEqualTo(Write.NEEDS_FRAGMENTS);
        byte[] element = pattern(70_000);
        ByteBuffer payload = ByteBuffer.wrap(element);

        int records = sendRest(payload);
        pair.settle();

        assertThat(records).isEqualTo(3);
        assertThat(half.credit().sent()).isEqualTo(70_016);
        assertThat(b.last().elements).containsExactly(element);
    }

    @Test
    void elementsLargerThanTheWindowGoAsFarAsCreditDoes() {
        opened();
        element(10);
        pair.settle();
        assertThat(half.begin(out, 200_000)).isEqualTo(Write.NEEDS_FRAGMENTS);
        byte[] element = pattern(200_000);
        ByteBuffer payload = ByteBuffer.wrap(element);
        Write result;
        int records = 0;
        do {
            result = a.sendPart(atA, payload);
        } while (result == Write.RECORD_FULL && records++ < 100);

        assertThat(result).isEqualTo(Write.NO_CREDIT);
        assertThat(half.credit().available()).isZero();
        assertThat(((StreamFrame.Data) a.sent.element()).total()).isEqualTo(200_000);
        assertThatIllegalStateException().isThrownBy(() -> half.begin(out, 1)).withMessageContaining("partly sent");
        assertThatIllegalStateException().isThrownBy(half::close).withMessageContaining("partly sent");

        // the peer reserves the total as soon as its subscriber wants more
        Probe atB = b.last();
        pair.settle();
        atB.epoch().receiving().demand(true);
        pair.settle();
        sendRest(payload);
        pair.settle();

        assertThat(atB.elements).hasSize(2).last().isEqualTo(element);
        assertThat(b.payloadBytes).isZero();
        assertThat(half.elementsSent()).isEqualTo(2);
    }

    @Test
    void anElementThatFitsTheWindowWaitsForAllOfItsCredit() {
        opened();
        element(50_000);
        a.sent.clear();

        assertThat(a.sendPart(atA, ByteBuffer.allocate(80_000))).isEqualTo(Write.NO_CREDIT);

        assertThat(a.sent).isEmpty();
        assertThat(half.credit().sent()).isEqualTo(50_016);
        assertThat(half.elementsSent()).as("not begun, so not counted").isEqualTo(1);
        a.pump();
        assertThat(a.sent).containsExactly(new CreditFrame.Blocked(3, WINDOW, 50_016));
    }

    @Test
    void anElementThatFillsTheWindowWaitsForAllOfItToBeFree() {
        opened();
        element(10);

        assertThat(half.begin(out, (int) WINDOW - 16)).isEqualTo(Write.NO_CREDIT);
        assertThat(half.begin(out, (int) WINDOW - 15)).isEqualTo(Write.NEEDS_FRAGMENTS);
    }

    @Test
    void onlyWhatNoRecordHoldsNeedsFragments() {
        opened();
        element(0);
        out.reset();
        out.window(3, 0, 0);
        int most = FrameWriter.RECORD_MAX - FrameOverhead.data(3, FrameWriter.RECORD_MAX);

        assertThat(half.begin(out, most)).isEqualTo(Write.RECORD_FULL);
        assertThat(half.begin(out, most + 1)).isEqualTo(Write.NEEDS_FRAGMENTS);
    }

    @Test
    void aRecordWithLittleRoomIsLeftForTheNext() {
        opened();
        out.reset();
        assertThat(half.begin(out, FrameWriter.RECORD_TARGET - 500)).isEqualTo(Write.OK);
        out.payload().put(new byte[FrameWriter.RECORD_TARGET - 500]);
        out.endData();
        int position = out.position();

        assertThat(half.begin(out, 60_000)).isEqualTo(Write.RECORD_FULL);
        assertThat(half.write(out, ByteBuffer.allocate(60_000))).isEqualTo(Write.RECORD_FULL);

        assertThat(out.position()).isEqualTo(position);
    }

    @Test
    void theSmallestWindowCarriesAnyPayload() {
        SidePair tiny = new SidePair(new StreamSettings(16, 4, 1 << 20), 1 << 20);
        tiny.a.config = StreamConfig.reliable().withFixedWindow(16);
        tiny.b.config = tiny.a.config;
        Probe sender = tiny.a.open(new StreamId(1));
        tiny.settle();
        tiny.b.last().epoch().receiving().demand(true);
        byte[] element = pattern(1_000);
        ByteBuffer payload = ByteBuffer.wrap(element);

        assertThat(tiny.a.sendPart(sender, payload)).isEqualTo(Write.NO_CREDIT);
        assertThat(payload.position()).isZero();
        tiny.settle();
        assertThat(tiny.a.sendPart(sender, payload)).isEqualTo(Write.DONE);
        tiny.settle();

        assertThat(tiny.b.last().elements).containsExactly(element);
    }

    @Test
    void otherHalvesMayWriteBetweenFragments() {
        opened();
        Probe other = a.open(new StreamId(8));
        pair.settle();
        Probe otherAtB = b.last();
        byte[] element = pattern(90_000);
        ByteBuffer payload = ByteBuffer.wrap(element);

        assertThat(a.sendPart(atA, payload)).isEqualTo(Write.RECORD_FULL);
        a.send(other, new byte[] {1});
        sendRest(payload);
        pair.settle();

        assertThat(otherAtB.elements).hasSize(1);
        assertThat(b.probes.get(0).elements).containsExactly(element);
    }

    @Test
    void resetForgetsAnElementInFragments() {
        opened();
        ByteBuffer payload = ByteBuffer.allocate(90_000);
        a.sendPart(atA, payload);

        half.reset(ErrorCode.CANCELLED);
        pair.settle();

        assertThat(b.last().reset).isEqualTo(ErrorCode.CANCELLED);
        assertThat(b.last().elements).isEmpty();
        pair.endAll();
    }

    @Test
    void aStopIsAnsweredByResetWithTheSameCode() {
        opened();
        a.sent.clear();

        a.table.onStop(new StreamFrame.Stop(3, ErrorCode.DECODE_FAILED.number()));
        a.table.onStop(new StreamFrame.Stop(3, ErrorCode.CANCELLED.number()));
        a.pump();

        assertThat(a.sent).containsExactly(new StreamFrame.Reset(3, ErrorCode.DECODE_FAILED.number()));
        assertThat(atA.stopped).isEqualTo(ErrorCode.DECODE_FAILED);
    }

    @Test
    void aStopAfterCloseNeedsNoAnswer() {
        opened();
        half.close();
        a.pump();
        a.sent.clear();

        a.table.onStop(new StreamFrame.Stop(3, 0));
        a.pump();

        assertThat(a.sent).isEmpty();
        assertThat(atA.sendEnded).isEqualTo(1);
    }

    @Test
    void closesWithTheCodeOfAnError() {
        opened();
        b.last().takes = false;
        element(10);
        half.close(ErrorCode.APPLICATION_ERROR);
        a.pump();
        assertThat(a.sent).last().isEqualTo(new StreamFrame.Close(3, 26, 1, ErrorCode.APPLICATION_ERROR.number()));

        pair.settle();
        assertThat(atA.told).isEmpty();
        b.consume(b.last());
        pair.settle();
        assertThat(atA.told)
                .as("the peer has consumed everything, as after a completion")
                .containsExactly("sendEnded null", "settled null");
    }

    @Test
    void anErrorWaitsForTheElementInProgress() {
        opened();
        ByteBuffer large = ByteBuffer.allocate(150_000);
        a.sendPart(atA, large);

        assertThatIllegalStateException().isThrownBy(() -> half.close(ErrorCode.APPLICATION_ERROR));
        assertThat(half.writable()).isTrue();
    }

    @Test
    void aResetOvertakesAnErrorThatDrains() {
        opened();
        b.last().takes = false;
        element(10);
        half.close(ErrorCode.APPLICATION_ERROR);
        pair.settle();

        half.reset(ErrorCode.DRAIN_TIMEOUT);
        pair.settle();
        assertThat(b.last().elements).isEmpty();
        assertThat(b.last().reset).isEqualTo(ErrorCode.DRAIN_TIMEOUT);
        assertThat(atA.stopped).isEqualTo(ErrorCode.DRAIN_TIMEOUT);
    }

    @Test
    void closeWaitsForOpen() {
        half.close();

        pair.settle();

        assertThat(b.last().receiveEnded).isEqualTo(1);
        assertThat(b.last().reset).isNull();
        assertThat(atA.stopped).isNull();
        assertThat(atA.sendEnded).isEqualTo(1);
        b.last().epoch().sending().close();
        pair.settle();
        pair.checkClean();
    }

    private void opened() {
        pair.settle();
    }

    private void element(int length) {
        assertThat(a.send(atA, new byte[length])).isTrue();
    }

    /** Sends the rest of an element for which there is credit; returns how many records it takes. */
    private int sendRest(ByteBuffer payload) {
        int records = 1;
        while (a.sendPart(atA, payload) != Write.DONE) {
            assertThat(records++).isLessThan(100);
        }
        return records;
    }

    private static byte[] pattern(int length) {
        byte[] result = new byte[length];
        for (int i = 0; i < length; i++) {
            result[i] = (byte) (i * 31 + (i >> 8));
        }
        return result;
    }

    @Test
    void statsTellBothHalves() {
        opened();
        element(10);
        element(20);
        pair.settle();
        b.send(b.last(), new byte[5]);
        pair.settle();

        StreamStats stats = atA.epoch().stats();

        assertThat(List.of(stats.txSeq(), stats.rxSeq(), stats.inboundPending()))
                .containsExactly(2L, 1L, 0L);
        assertThat(stats.active()).isTrue();
        assertThat(stats.txCreditRemaining()).isEqualTo(WINDOW - 62);
        assertThat(stats.txWindow()).isEqualTo(WINDOW);
    }
}
