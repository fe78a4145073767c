package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Fragments of a reliable half in any order, against what was sent. */
class InOrderSequencerTest {

    private static final long WINDOW = 10_000;

    private final Collected sink = new Collected();
    private final InOrderSequencer sequencer = new InOrderSequencer(sink);

    // ---- any order

    @Test
    void whateverTheOrderTheCutsAndTheRepeatsEachElementComesOnceAndInOrder() {
        for (long seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            List<byte[]> elements = elements(random, 1 + random.nextInt(12));
            List<Part> parts = new ArrayList<>();
            for (int copies = 1 + random.nextInt(3); copies > 0; copies--) {
                parts.addAll(cut(elements, random));
            }
            shuffle(parts, random);
            Collected got = new Collected();
            InOrderSequencer each = new InOrderSequencer(got);
            long all = elements.stream().mapToLong(e -> e.length + 16).sum();
            for (Part part : parts) {
                assertThat(part.to(each, all)).as("seed %d, %s", seed, part).isNull();
                assertThat(each.heldHeapBytes())
                        .as("seed %d: heap for what waits", seed)
                        .isLessThanOrEqualTo((all + 2 * OffsetBuffer.PAGE) * 5 / 4);
            }
            assertThat(got.elements).as("seed %d", seed).containsExactlyElementsOf(elements);
            assertThat(each.settled()).isEqualTo(all);
            assertThat(each.heldHeapBytes()).as("seed %d: nothing waits", seed).isZero();
        }
    }

    @Test
    void oneThatSaysAnythingElseOfAUnitThatWaitsIsFound() {
        int found = 0;
        for (long seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            List<byte[]> elements = elements(random, 2 + random.nextInt(6));
            List<Part> parts = cut(elements, random);
            parts.remove(0); // so that all the others wait
            Collections.shuffle(parts, random);
            Collected got = new Collected();
            InOrderSequencer each = new InOrderSequencer(got);
            for (Part part : parts) {
                assertThat(part.to(each, WINDOW)).as("seed %d, %s", seed, part).isNull();
            }
            if (parts.isEmpty()) {
                continue;
            }
            found++;
            Part lie = parts.get(random.nextInt(parts.size())).lie(random);
            assertThat(lie.to(each, WINDOW)).as("seed %d, %s", seed, lie).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            assertThat(got.elements).isEmpty();
        }
        assertThat(found).isGreaterThan(2_000);
    }

    @Test
    void whatPeersMakeUpNeitherThrowsNorHoldsMoreThanIsReserved() {
        for (long seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            InOrderSequencer each = new InOrderSequencer(new Collected());
            int shift = seed % 2 == 0 ? 0 : OffsetBuffer.PAGE - 150; // so that they lie across two pages
            ErrorCode end = null;
            for (int i = 0; i < 40 && end == null; i++) {
                boolean first = random.nextBoolean();
                boolean last = random.nextBoolean();
                byte[] bytes = new byte[(first ? 0 : 1) + random.nextInt(40)];
                long total = first && !last ? bytes.length + 1 + random.nextInt(60) : -1;
                end = new Part(first, last, shift + random.nextInt(300), total, bytes).to(each, shift + 350);
                if (end == null) {
                    assertThat(each.heldHeapBytes()).isLessThanOrEqualTo((350 + 2 * OffsetBuffer.PAGE) * 5 / 4);
                    assertThat(each.highest()).isLessThanOrEqualTo(shift + 350);
                }
            }
        }
    }

    // ---- each by itself

    @Test
    void whatHasItsTurnIsHandedOnInPlaceAndNothingIsKept() {
        byte[] record = {9, 1, 2, 3, 9};

        assertThat(sequencer.accept(true, true, 0, -1, -1, record, 1, 3, 5, WINDOW))
                .isNull();

        assertThat(sink.lastArray).isSameAs(record);
        assertThat(sequencer.settled()).isEqualTo(19);
        assertThat(sequencer.heldHeapBytes()).isZero();
    }

    @Test
    void aFragmentGoesOnAtOnceThoughItsElementIsNotWhole() {
        assertThat(new Part(true, false, 0, 5, new byte[] {1, 2}).to(sequencer, WINDOW))
                .isNull();
        assertThat(sink.fragments).isEqualTo(1);
        assertThat(new Part(false, true, 18, -1, new byte[] {3, 4, 5}).to(sequencer, WINDOW))
                .isNull();

        assertThat(sink.elements).containsExactly(new byte[] {1, 2, 3, 4, 5});
    }

    @Test
    void whatOverlapsWhatWasHandedOnGivesItsRest() {
        new Part(true, false, 0, 5, new byte[] {1, 2}).to(sequencer, WINDOW);

        assertThat(new Part(true, true, 0, -1, new byte[] {1, 2, 3, 4, 5}).to(sequencer, WINDOW))
                .isNull();

        assertThat(sink.elements).containsExactly(new byte[] {1, 2, 3, 4, 5});
    }

    @Test
    void nothingBeyondTheLimitIsKept() {
        assertThat(new Part(true, true, 100, -1, new byte[10]).to(sequencer, 125))
                .isEqualTo(ErrorCode.FLOW_CONTROL);
        assertThat(sequencer.heldHeapBytes()).isZero();
        assertThat(new Part(true, true, 100, -1, new byte[10]).to(sequencer, 126))
                .isNull();
        assertThat(sequencer.highest()).isEqualTo(126);
    }

    @Test
    void elementsThatDoNotFitEachOtherEndTheHalf() {
        assertViolation(part(true, false, 0, 5, 2), part(true, true, 10, -1, 20));
        assertViolation(part(true, false, 0, 5, 2), part(true, false, 0, 6, 3));
        assertViolation(part(true, false, 0, 5, 2), part(false, true, 18, -1, 2));
        assertViolation(part(true, false, 0, 5, 2), part(false, false, 18, -1, 3));
        assertViolation(part(true, false, 0, 5, 2), part(false, true, 18, -1, 4));
        assertViolation(part(true, false, 0, 5, 2), part(false, false, 4, -1, 15));
        assertViolation(part(true, true, 0, -1, 2), part(false, true, 17, -1, 2));
        assertViolation(part(false, true, 0, -1, 2));
        assertViolation(part(false, true, 18, -1, 2), part(true, true, 0, -1, 2));
        assertViolation(part(true, true, 18, -1, 2), part(true, false, 0, 5, 2));
        assertViolation(part(false, false, 30, -1, 5), part(false, true, 27, -1, 3));
    }

    @Test
    void nothingMoreIsHandedOnOnceTheSinkWantsNoMore() {
        sink.wants = false;
        part(true, true, 17, -1, 1).to(sequencer, WINDOW);
        part(true, true, 0, -1, 1).to(sequencer, WINDOW);

        assertThat(sink.elements).hasSize(1);
        sequencer.clear();
        assertThat(sequencer.heldHeapBytes()).isZero();
    }

    private static void assertViolation(Part... parts) {
        InOrderSequencer fresh = new InOrderSequencer(new Collected());
        for (int i = 0; i < parts.length - 1; i++) {
            assertThat(parts[i].to(fresh, WINDOW)).as("%s", parts[i]).isNull();
        }
        Part last = parts[parts.length - 1];
        assertThat(last.to(fresh, WINDOW)).as("%s", last).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    private static Part part(boolean first, boolean last, long at, long total, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 7);
        return new Part(first, last, at, total, bytes);
    }

    // ---- what is sent

    private static List<byte[]> elements(Random random, int count) {
        List<byte[]> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] element = new byte[random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(200)];
            random.nextBytes(element);
            elements.add(element);
        }
        return elements;
    }

    /** The elements in fragments, at places of this copy's own. */
    private static List<Part> cut(List<byte[]> elements, Random random) {
        List<Part> parts = new ArrayList<>();
        long start = 0;
        for (byte[] element : elements) {
            int from = 0;
            boolean first = true;
            do {
                int rest = element.length - from;
                int count = random.nextInt(3) == 0 ? rest : Math.min(rest, (first ? 0 : 1) + random.nextInt(40));
                boolean last = count == rest;
                long at = first ? start : start + 16 + from;
                byte[] bytes = Arrays.copyOfRange(element, from, from + count);
                parts.add(new Part(first, last, at, first && !last ? element.length : -1, bytes));
                from += count;
                first = false;
                if (last) {
                    break;
                }
            } while (true);
            start += 16 + element.length;
        }
        return parts;
    }

    private static void shuffle(List<Part> parts, Random random) {
        switch (random.nextInt(3)) {
            case 0 -> Collections.shuffle(parts, random);
            case 1 -> Collections.reverse(parts);
            default -> {
                for (int i = 0; i + 1 < parts.size(); i += 1 + random.nextInt(4)) {
                    Collections.swap(parts, i, i + 1);
                }
            }
        }
    }

    private record Part(boolean first, boolean last, long at, long total, byte[] bytes) {

        @Nullable
        ErrorCode to(Sequencer to, long limit) {
            byte[] record = new byte[bytes.length + 7];
            System.arraycopy(bytes, 0, record, 3, bytes.length);
            return to.accept(first, last, at, -1, total, record, 3, bytes.length, record.length, limit);
        }

        /** The same unit with another content, or of another kind. */
        Part lie(Random random) {
            if (bytes.length > 0 && random.nextBoolean()) {
                byte[] other = bytes.clone();
                other[random.nextInt(other.length)] ^= (byte) (1 + random.nextInt(255));
                return new Part(first, last, at, total, other);
            }
            if (first) {
                return random.nextBoolean()
                        ? new Part(true, false, at, bytes.length + Math.max(total, 0) + 3, bytes)
                        : new Part(false, false, at, -1, new byte[16]);
            }
            return new Part(true, false, at, bytes.length + 1, bytes);
        }

        @Override
        public String toString() {
            return (first ? "first " : "") + (last ? "last " : "") + at + " +" + bytes.length + " of " + total;
        }
    }

    /** Puts together what it is given, as an intake does. */
    private static final class Collected implements Sequencer.Sink {
        final List<byte[]> elements = new ArrayList<>();
        int fragments;
        boolean wants = true;
        byte @Nullable [] lastArray;
        private byte @Nullable [] current;
        private int filled;

        @Override
        public boolean onFragment(
                boolean first, boolean last, long total, byte[] array, int offset, int length, int recordLength) {
            fragments++;
            lastArray = array;
            byte[] whole = current;
            if (first) {
                assertThat(whole).as("an element begins inside of another").isNull();
                whole = new byte[last ? length : (int) total];
                filled = 0;
            }
            if (whole == null) {
                throw new AssertionError("an element goes on that has not begun");
            }
            System.arraycopy(array, offset, whole, filled, length);
            filled += length;
            assertThat(filled == whole.length).as("the last is the last").isEqualTo(last);
            current = last ? null : whole;
            if (last) {
                elements.add(whole);
            }
            return wants;
        }

        @Override
        public void onAbandoned() {
            throw new AssertionError("nothing is abandoned");
        }

        @Override
        public void onGap(long units) {
            throw new AssertionError("nothing of a reliable half is lost");
        }
    }
}
