package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.Headers;
import io.weir.core.wire.StreamFrame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** DATA that comes in any order, through a whole table. */
class UnorderedDataTest {

    private static final StreamId ID = new StreamId(7);
    private static final int WINDOW = 4_096;

    private final Side b = side();

    private static Side side() {
        StreamSettings settings = new StreamSettings(WINDOW, 12, 65_536).withOrder(FrameOrder.NONE);
        Side side = new Side("B", settings, 1 << 20, SidePair.record(512));
        side.config = StreamConfig.reliable().withFixedWindow(WINDOW);
        side.hello(new Side("A", settings, 1 << 20, SidePair.record(512)));
        side.table.openLimit();
        return side;
    }

    @Test
    void aReliableHalfIsDeliveredOnceAndInOrderWhateverComesFirst() {
        for (long seed = 0; seed < 1_000; seed++) {
            Random random = new Random(seed);
            Side side = side();
            List<byte[]> sent = new ArrayList<>();
            List<Runnable> steps = new ArrayList<>();
            long end = 0;
            for (int i = 1 + random.nextInt(10); i > 0; i--) {
                byte[] element = new byte[random.nextInt(200)];
                random.nextBytes(element);
                sent.add(element);
                long at = end;
                steps.add(() -> assertThat(data(side, at, -1, element)).isNull());
                end += 16 + element.length;
            }
            steps.addAll(List.copyOf(steps));
            steps.add(() -> assertThat(open(side, true)).isNull());
            StreamFrame.Close close = new StreamFrame.Close(3, end, sent.size(), 0);
            steps.add(() -> assertThat(side.table.onClose(close)).isNull());
            Collections.shuffle(steps, random);
            steps.forEach(Runnable::run);

            Probe probe = side.last();
            assertThat(probe.elements).as("seed %d", seed).containsExactlyElementsOf(sent);
            assertThat(probe.told).as("seed %d", seed).containsExactly("receiveEnded null");
            assertThat(side.table.remembered()).as("nothing waits").isEqualTo(2);
        }
    }

    @Test
    void aFireAndForgetHalfRisesAndEndsWhateverIsLost() {
        for (long seed = 0; seed < 1_000; seed++) {
            Random random = new Random(seed);
            Side side = side();
            open(side, false);
            List<byte[]> sent = new ArrayList<>();
            List<Runnable> steps = new ArrayList<>();
            long end = 0;
            for (int i = 1 + random.nextInt(10); i > 0; i--) {
                byte[] element = {(byte) sent.size()};
                long at = end;
                long seq = sent.size();
                sent.add(element);
                if (random.nextInt(4) > 0) {
                    steps.add(() -> assertThat(data(side, at, seq, element)).isNull());
                }
                end += 17;
            }
            if (random.nextBoolean()) {
                Collections.shuffle(steps, random);
            }
            steps.forEach(Runnable::run);
            assertThat(side.table.onClose(new StreamFrame.Close(3, end, sent.size(), 0)))
                    .isNull();

            Probe probe = side.last();
            assertThat(probe.elements).isSortedAccordingTo((x, y) -> Byte.compare(x[0], y[0]));
            assertThat(probe.told).as("seed %d", seed).containsExactly("receiveEnded null");
            side.pump();
            assertThat(side.sent).contains(new CreditFrame.Window(3, end, WINDOW));
        }
    }

    /** It is larger than the window, and so is let through in part; then a newer one comes, and what lies between is lost. */
    @Test
    void aLargeElementOfWhichTheRestIsLostCountsAsConsumedOnce() {
        open(b, false);
        b.last().epoch().receiving().demand(true);
        byte[] begun = new byte[WINDOW - 16];
        b.table.onUnorderedData(3, true, false, 0, 0, 10_000, begun, 0, begun.length, begun.length);
        b.table.onBlocked(new CreditFrame.Blocked(3, WINDOW, WINDOW));
        b.pump();
        int raised = 10_016;
        assertThat(b.sent).contains(new CreditFrame.Window(3, 0, raised));

        data(b, raised - 20, 2, new byte[4]);

        assertThat(b.last().elements).hasSize(1);
        b.pump();
        assertThat(b.sent).contains(new CreditFrame.Window(3, raised, raised + WINDOW));
    }

    @Test
    void whatThePeerHasSentInVainIsGivenBackWhenItIsBlocked() {
        open(b, false);
        data(b, 3_000, 9, new byte[100]);
        b.table.onBlocked(new CreditFrame.Blocked(3, WINDOW, WINDOW));
        b.pump();

        assertThat(b.sent).contains(new CreditFrame.Window(3, WINDOW, 2 * WINDOW));
    }

    @Test
    void whatContradictsItselfEndsTheHalfOnly() {
        open(b, true);
        data(b, 100, -1, new byte[] {1, 2});

        assertThat(data(b, 100, -1, new byte[] {1, 3})).isNull();
        b.pump();

        assertThat(b.last().reset).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(b.sent).contains(new StreamFrame.Stop(3, true, ErrorCode.PROTOCOL_VIOLATION.number()));
        assertThat(data(b, 0, -1, new byte[] {1})).as("on its way").isNull();
    }

    @Test
    void nothingBeyondTheCreditIsKept() {
        open(b, true);

        assertThat(data(b, WINDOW - 16, -1, new byte[1])).isNull();

        assertThat(b.last().reset).isEqualTo(ErrorCode.FLOW_CONTROL);
        assertThat(data(side(), WINDOW - 16, -1, new byte[1])).isEqualTo(ErrorCode.FLOW_CONTROL);
    }

    @Test
    void ofAHandleThatWasNotAllowedNothingIsTaken() {
        assertThat(b.table.onUnorderedData(b.table.openLimit(), true, true, 0, -1, -1, new byte[1], 0, 1, 1))
                .isEqualTo(ErrorCode.STREAM_LIMIT);
        assertThat(b.table.remembered()).isZero();
    }

    @Test
    void aCloseBelowWhatHasComeEndsTheSession() {
        open(b, true);
        data(b, 100, -1, new byte[10]);

        assertThat(b.table.onClose(new StreamFrame.Close(3, 100, 1, 0))).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void aTableForAnOrderTakesNone() {
        StreamTable ordered = SidePair.small().a.table;

        assertThatIllegalStateException()
                .isThrownBy(() -> ordered.onUnorderedData(3, true, true, 0, -1, -1, new byte[1], 0, 1, 1));
    }

    private static @Nullable ErrorCode open(Side side, boolean reliable) {
        return side.table.onOpen(new StreamFrame.Open(3, ID.value(), 1, reliable, "n", Headers.empty()));
    }

    private static @Nullable ErrorCode data(Side side, long at, long seq, byte[] element) {
        return side.table.onUnorderedData(3, true, true, at, seq, -1, element, 0, element.length, element.length);
    }
}
