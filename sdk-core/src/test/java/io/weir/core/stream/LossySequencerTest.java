package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.weir.core.error.ErrorCode;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Elements of a fire-and-forget half that are lost, late or come again. */
class LossySequencerTest {

    private static final long WINDOW = 100_000;

    private final Delivered sink = new Delivered();
    private final LossySequencer sequencer = new LossySequencer(sink);

    @Test
    void whateverIsLostOrLateElementsRiseAndEveryUnitIsAccountedForOnce() {
        for (long seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            List<byte[]> sent = new ArrayList<>();
            List<Part> parts = new ArrayList<>();
            long end = send(random, sent, parts);
            parts.removeIf(part -> random.nextInt(5) == 0);
            List<Part> repeated =
                    parts.stream().filter(part -> random.nextInt(5) == 0).toList();
            parts.addAll(repeated);
            for (int i = 0; i + 1 < parts.size(); i++) {
                if (random.nextInt(4) == 0) {
                    Collections.swap(parts, i, Math.min(parts.size() - 1, i + 1 + random.nextInt(4)));
                }
            }
            Delivered got = new Delivered();
            LossySequencer each = new LossySequencer(got);
            long newest = -1;
            for (Part part : parts) {
                int before = got.elements.size();
                assertThat(part.to(each, end)).as("seed %d, %s", seed, part).isNull();
                if (part.first && part.last && part.seq > newest) {
                    assertThat(got.elements).as("seed %d: at once", seed).hasSize(before + 1);
                }
                if (got.elements.size() > before) {
                    newest = part.seq;
                    assertThat(got.last()).as("seed %d: which one", seed).isEqualTo(sent.get((int) part.seq));
                }
                assertThat(got.units).as("seed %d: units", seed).isEqualTo(each.settled());
                assertThat(each.heldHeapBytes()).isLessThanOrEqualTo((end + 2 * OffsetBuffer.PAGE) * 5 / 4);
                assertThat(each.elements() + each.lost())
                        .as("seed %d: numbers", seed)
                        .isEqualTo(newest + 1);
            }
            each.settle(end);
            assertThat(got.units).isEqualTo(end);
            assertThat(each.heldHeapBytes()).isZero();
        }
    }

    @Test
    void aGapIsGivenBackWhenSomethingNewerComes() {
        part(0, 0, 10).to(sequencer, WINDOW);
        part(3, 100, 10).to(sequencer, WINDOW);

        assertThat(sink.gaps).containsExactly(74L);
        assertThat(sequencer.lost()).isEqualTo(2);
        assertThat(sequencer.elements()).isEqualTo(2);
    }

    /** Of one in fragments the first tells, so that none counts twice. */
    @Test
    void tellsOfElementsThatComeTooLate() {
        part(3, 100, 10).to(sequencer, WINDOW);
        assertThat(sink.late).isZero();

        part(0, 0, 10).to(sequencer, WINDOW);
        assertThat(sink.late).isEqualTo(1);
        new Part(1, true, false, 26, 20, new byte[10]).to(sequencer, WINDOW);
        new Part(1, false, true, 52, 20, new byte[10]).to(sequencer, WINDOW);
        assertThat(sink.late).isEqualTo(2);
        assertThat(sequencer.elements()).isEqualTo(1);
    }

    /**
     * A fragment at the far end of a large window, then a whole element that makes it moot, and so on: each pair is a hundred bytes
     * on the wire, and must not cost the node what the window has.
     */
    @Test
    void aFragmentFarAheadCostsByItsLengthHoweverOften() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long window = 64L << 20;
        Part[] parts = new Part[2_000];
        for (int i = 0; i < parts.length; i += 2) {
            parts[i] = new Part(i, false, false, window - 100, -1, new byte[10]);
            parts[i + 1] = part(i + 1, 20L * i, 1);
        }
        long before = threads.getCurrentThreadAllocatedBytes();

        for (Part each : parts) {
            assertThat(each.to(sequencer, window)).isNull();
        }

        assertThat(sink.elements).hasSize(parts.length / 2);
        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / parts.length)
                .as("bytes for each packet")
                .isLessThan(4_096);
    }

    @Test
    void whatIsOlderThanTheLastIsDropped() {
        part(3, 100, 10).to(sequencer, WINDOW);

        assertThat(part(2, 60, 10).to(sequencer, WINDOW)).isNull();
        assertThat(part(3, 100, 10).to(sequencer, WINDOW)).isNull();
        assertThat(sink.elements).hasSize(1);
    }

    /** The intake counts what it has of the element from its start: units that are lost behind it are none of it. */
    @Test
    void anElementThatIsPassedOnInPartIsGivenUpBeforeTheGapBehindIt() {
        new Part(0, true, false, 0, 5_000, new byte[48]).to(sequencer, WINDOW);
        sequencer.settle(64);
        assertThat(sink.units).isEqualTo(64);

        part(2, 6_000, 10).to(sequencer, WINDOW);

        assertThat(sink.abandoned).isEqualTo(1);
        assertThat(sink.gaps).containsExactly(6_000L - 64);
        assertThat(sink.elements).hasSize(1);
        assertThat(sequencer.elements()).isEqualTo(1);
    }

    /** Its peer does not say which element it is: it is older than any. */
    @Test
    void whatHasNoNumberIsDroppedAndCountsAsLostOnceSomethingNewerComes() {
        assertThat(part(-1, 0, 10).to(sequencer, WINDOW)).isNull();
        assertThat(new Part(-1, true, false, 26, 50, new byte[10]).to(sequencer, WINDOW))
                .isNull();
        assertThat(sink.elements).isEmpty();
        assertThat(sequencer.highest()).isEqualTo(52);

        part(0, 100, 10).to(sequencer, WINDOW);

        assertThat(sink.elements).hasSize(1);
        assertThat(sink.gaps).containsExactly(100L);
    }

    @Test
    void fragmentsOfTheNewestElementComeInAnyOrder() {
        new Part(1, false, true, 60 + 16 + 3, -1, new byte[] {4, 5}).to(sequencer, WINDOW);
        new Part(1, true, false, 60, 5, new byte[] {1, 2, 3}).to(sequencer, WINDOW);

        assertThat(sink.elements).containsExactly(new byte[] {1, 2, 3, 4, 5});
        assertThat(sink.gaps).containsExactly(60L);
    }

    @Test
    void aNewerFragmentGivesTheElementInPartUp() {
        new Part(1, true, false, 60, 5, new byte[] {1, 2, 3}).to(sequencer, WINDOW);
        new Part(2, true, false, 90, 5, new byte[] {1, 2, 3}).to(sequencer, WINDOW);
        new Part(1, false, true, 60 + 16 + 3, -1, new byte[] {4, 5}).to(sequencer, WINDOW);
        assertThat(sink.elements).isEmpty();
        new Part(2, false, true, 90 + 16 + 3, -1, new byte[] {4, 5}).to(sequencer, WINDOW);

        assertThat(sink.elements).hasSize(1);
        assertThat(sink.gaps).containsExactly(90L);
    }

    @Test
    void aWholeElementThatIsOlderThanTheOneInPartDoesNotDisturbIt() {
        new Part(2, true, false, 90, 5, new byte[] {1, 2, 3}).to(sequencer, WINDOW);
        part(1, 60, 4).to(sequencer, WINDOW);
        new Part(2, false, true, 90 + 16 + 3, -1, new byte[] {4, 5}).to(sequencer, WINDOW);

        assertThat(sink.elements).containsExactly(new byte[4], new byte[] {1, 2, 3, 4, 5});
    }

    @Test
    void whatThePeerHasSentAndDidNotComeIsLost() {
        part(0, 0, 10).to(sequencer, WINDOW);
        sequencer.settle(500);
        sequencer.settle(400);

        assertThat(sink.gaps).containsExactly(474L);
        assertThat(part(2, 300, 10).to(sequencer, WINDOW)).as("too late").isNull();
        assertThat(sink.elements).hasSize(1);
    }

    @Test
    void anElementOfWhichOnlyCreditIsMissingIsPassedOnAsItComes() {
        new Part(1, true, false, 60, 9, new byte[] {1, 2, 3}).to(sequencer, WINDOW);
        sequencer.settle(60 + 16 + 3);
        assertThat(sink.gaps).containsExactly(60L);
        assertThat(sequencer.settled()).isEqualTo(79);

        new Part(1, false, true, 82, -1, new byte[] {7, 8, 9}).to(sequencer, WINDOW);
        new Part(1, false, false, 79, -1, new byte[] {4, 5, 6}).to(sequencer, WINDOW);

        assertThat(sink.elements).containsExactly(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
        assertThat(sequencer.elements()).isEqualTo(1);
        assertThat(sequencer.settled()).isEqualTo(85);
        assertThat(sequencer.heldHeapBytes()).isZero();
    }

    @Test
    void anElementThatIsPassedOnIsAbandonedWhenSomethingOfItIsLost() {
        new Part(1, true, false, 60, 9, new byte[] {1, 2, 3}).to(sequencer, WINDOW);
        sequencer.settle(79);

        sequencer.settle(82);

        assertThat(sink.abandoned).isEqualTo(1);
        assertThat(sink.units).isEqualTo(82);
        new Part(1, false, true, 82, -1, new byte[] {7, 8, 9}).to(sequencer, WINDOW);
        part(2, 85, 4).to(sequencer, WINDOW);
        assertThat(sink.elements).containsExactly(new byte[4]);
        assertThat(sequencer.lost()).isEqualTo(2);
        assertThat(sink.units).isEqualTo(sequencer.settled());
    }

    @Test
    void anElementThatIsPassedOnIsAbandonedForANewerOne() {
        new Part(1, true, false, 60, 9, new byte[] {1, 2, 3}).to(sequencer, WINDOW);
        sequencer.settle(79);

        part(2, 85, 4).to(sequencer, WINDOW);

        assertThat(sink.abandoned).isEqualTo(1);
        assertThat(sink.elements).containsExactly(new byte[4]);
        assertThat(sink.units).isEqualTo(105);
    }

    @Test
    void nothingBeyondTheLimitIsTaken() {
        assertThat(part(1, 100, 10).to(sequencer, 125)).isEqualTo(ErrorCode.FLOW_CONTROL);
        assertThat(part(1, 100, 10).to(sequencer, 126)).isNull();
    }

    @Test
    void partsThatContradictEachOtherEndTheHalf() {
        new Part(1, true, false, 60, 5, new byte[] {1, 2, 3}).to(sequencer, WINDOW);

        assertThat(new Part(1, true, false, 61, 5, new byte[] {1}).to(sequencer, WINDOW))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(part(1, 60, 5).to(sequencer, WINDOW)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(new Part(1, false, false, 77, -1, new byte[] {9}).to(sequencer, WINDOW))
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void whatPeersMakeUpNeitherThrowsNorGoesBack() {
        for (long seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            Delivered got = new Delivered();
            LossySequencer each = new LossySequencer(got);
            int shift = seed % 2 == 0 ? 0 : OffsetBuffer.PAGE - 150; // so that they lie across two pages
            ErrorCode end = null;
            for (int i = 0; i < 40 && end == null; i++) {
                boolean first = random.nextBoolean();
                boolean last = random.nextBoolean();
                byte[] bytes = new byte[(first ? 0 : 1) + random.nextInt(40)];
                long total = first && !last ? bytes.length + 1 + random.nextInt(60) : -1;
                long before = each.settled();
                end = new Part(random.nextInt(12), first, last, shift + random.nextInt(300), total, bytes)
                        .to(each, shift + 350);
                assertThat(each.settled()).as("seed %d", seed).isGreaterThanOrEqualTo(before);
                assertThat(got.units).as("seed %d", seed).isEqualTo(each.settled());
                assertThat(each.heldHeapBytes()).isLessThanOrEqualTo((350 + 2 * OffsetBuffer.PAGE) * 5 / 4);
            }
        }
    }

    /** Elements, whole or in fragments; returns the offset behind them. */
    private static long send(Random random, List<byte[]> sent, List<Part> parts) {
        long at = 0;
        int count = 1 + random.nextInt(20);
        for (int seq = 0; seq < count; seq++) {
            byte[] element = new byte[random.nextInt(60)];
            random.nextBytes(element);
            sent.add(element);
            int cut = random.nextInt(3) == 0 ? random.nextInt(element.length + 1) : element.length;
            parts.add(new Part(
                    seq,
                    true,
                    cut == element.length,
                    at,
                    cut == element.length ? -1 : element.length,
                    Arrays.copyOf(element, cut)));
            if (cut < element.length) {
                byte[] rest = Arrays.copyOfRange(element, cut, element.length);
                parts.add(new Part(seq, false, true, at + 16 + cut, -1, rest));
            }
            at += 16 + element.length;
        }
        return at;
    }

    private static Part part(long seq, long at, int length) {
        return new Part(seq, true, true, at, -1, new byte[length]);
    }

    private record Part(long seq, boolean first, boolean last, long at, long total, byte[] bytes) {

        @Nullable
        ErrorCode to(Sequencer to, long limit) {
            return to.accept(first, last, at, seq, total, bytes, 0, bytes.length, bytes.length, limit);
        }

        @Override
        public String toString() {
            return seq + ": " + (first ? "first " : "") + (last ? "last " : "") + at + " +" + bytes.length + " of "
                    + total;
        }
    }

    private static final class Delivered implements Sequencer.Sink {
        final List<byte[]> elements = new ArrayList<>();
        final List<Long> gaps = new ArrayList<>();
        int abandoned;
        int late;
        long units;
        private byte @Nullable [] partly;

        @Override
        public boolean onFragment(
                boolean first, boolean last, long total, byte[] array, int offset, int length, int recordLength) {
            byte[] bytes = Arrays.copyOfRange(array, offset, offset + length);
            units += (first ? 16 : 0) + length;
            if (first && last) {
                elements.add(bytes);
                return true;
            }
            assertThat(partly == null).as("the first begins").isEqualTo(first);
            byte[] before = first || partly == null ? new byte[0] : partly;
            partly = Arrays.copyOf(before, before.length + length);
            System.arraycopy(bytes, 0, partly, before.length, length);
            if (last) {
                elements.add(partly);
                partly = null;
            }
            return true;
        }

        @Override
        public void onLate() {
            late++;
        }

        @Override
        public void onAbandoned() {
            assertThat(partly).isNotNull();
            partly = null;
            abandoned++;
        }

        @Override
        public void onGap(long skipped) {
            assertThat(skipped).isPositive();
            assertThat(partly)
                    .as("what is given up is told before what is lost behind it")
                    .isNull();
            gaps.add(skipped);
            units += skipped;
        }

        byte[] last() {
            return elements.get(elements.size() - 1);
        }
    }
}
