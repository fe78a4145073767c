package io.weir.core.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.core.reliability.ReceiveSequencer.Turn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiveSequencerTest {

    private static final int BOUND = 100;

    private final ReceiveSequencer<Long> ordered = new ReceiveSequencer<>(BOUND);
    private final ReceiveSequencer<Long> increasing = new ReceiveSequencer<>(0);

    private static List<Long> polled(ReceiveSequencer<Long> sequencer) {
        List<Long> all = new ArrayList<>();
        for (Long next = sequencer.poll(); next != null; next = sequencer.poll()) {
            all.add(next);
        }
        return all;
    }

    @Test
    void whatIsAheadWaitsForWhatIsMissing() {
        assertThat(ordered.accept(2, 2L)).isEqualTo(Turn.HELD);
        assertThat(ordered.accept(1, 1L)).isEqualTo(Turn.HELD);
        assertThat(ordered.poll()).isNull();
        assertThat(ordered.held()).isEqualTo(2);

        assertThat(ordered.accept(0, 0L)).isEqualTo(Turn.NOW);

        assertThat(polled(ordered)).containsExactly(1L, 2L);
        assertThat(ordered.next()).isEqualTo(3);
        assertThat(ordered.held()).isZero();
    }

    @Test
    void eachPositionIsTakenOnce() {
        ordered.accept(0, 0L);
        ordered.accept(2, 2L);

        assertThat(ordered.accept(0, 0L)).isEqualTo(Turn.REPEAT);
        assertThat(ordered.accept(2, 2L)).isEqualTo(Turn.REPEAT);
        assertThat(ordered.held()).isEqualTo(1);
    }

    @Test
    void theBoundIsTheFurthestAheadThatWaits() {
        assertThat(ordered.accept(BOUND, 0L)).isEqualTo(Turn.HELD);
        assertThat(ordered.accept(BOUND + 1, 0L)).isEqualTo(Turn.BEYOND);
        assertThat(ordered.accept(Long.MAX_VALUE, 0L)).isEqualTo(Turn.BEYOND);
        assertThat(ordered.held()).isEqualTo(1);
    }

    @Test
    void eachPositionIsToldToBeMissingOnce() {
        ordered.accept(0, 0L);
        assertThat(ordered.gapEnd()).isEqualTo(ordered.gapFirst());
        ordered.accept(4, 4L);
        assertThat(List.of(ordered.gapFirst(), ordered.gapEnd())).containsExactly(1L, 4L);
        ordered.accept(2, 2L);
        assertThat(ordered.gapEnd()).isEqualTo(ordered.gapFirst());
        ordered.accept(7, 7L);
        assertThat(List.of(ordered.gapFirst(), ordered.gapEnd())).containsExactly(5L, 7L);
        ordered.accept(7, 7L);
        assertThat(ordered.gapEnd()).isEqualTo(ordered.gapFirst());
        ordered.accept(1, 1L);
        assertThat(ordered.gapEnd()).isEqualTo(ordered.gapFirst());
    }

    @Test
    void withoutABoundNothingWaitsAndWhatIsOlderIsARepeat() {
        assertThat(increasing.accept(3, 3L)).isEqualTo(Turn.NOW);
        assertThat(List.of(increasing.gapFirst(), increasing.gapEnd())).containsExactly(0L, 3L);
        assertThat(increasing.accept(1, 1L)).isEqualTo(Turn.REPEAT);
        assertThat(increasing.accept(4, 4L)).isEqualTo(Turn.NOW);
        assertThat(increasing.gapEnd()).isEqualTo(increasing.gapFirst());
        assertThat(increasing.poll()).isNull();
    }

    @Test
    void whatWaitsCanBeDropped() {
        ordered.accept(5, 5L);
        ordered.accept(70, 70L);

        assertThat(List.of(ordered.drop(), ordered.drop())).containsExactlyInAnyOrder(5L, 70L);
        assertThat(ordered.drop()).isNull();
        assertThat(ordered.held()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, ReceiveSequencer.MOST + 1})
    void theBoundIsInItsRange(int bound) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReceiveSequencer<>(bound))
                .withMessageContaining("bound is " + bound);
    }

    /** Any shuffle with repeats: all once, in order, and each position that was overtaken is told once. */
    @Test
    void putsAnyOrderInOrder() {
        for (long seed = 0; seed < 1_000; seed++) {
            Random random = new Random(seed);
            int elements = 1 + random.nextInt(200);
            List<Long> arrivals = new ArrayList<>();
            for (long i = 0; i < elements; i++) {
                arrivals.addAll(Collections.nCopies(1 + random.nextInt(3), i));
            }
            Collections.shuffle(arrivals, random);
            ReceiveSequencer<Long> sequencer = new ReceiveSequencer<>(elements);
            List<Long> out = new ArrayList<>();
            TreeSet<Long> missing = new TreeSet<>();
            TreeSet<Long> overtaken = new TreeSet<>();
            TreeSet<Long> came = new TreeSet<>();
            for (long position : arrivals) {
                for (long earlier = 0; earlier < position; earlier++) {
                    if (!came.contains(earlier)) {
                        overtaken.add(earlier);
                    }
                }
                came.add(position);
                if (sequencer.accept(position, position) == Turn.NOW) {
                    out.add(position);
                    out.addAll(polled(sequencer));
                }
                for (long gap = sequencer.gapFirst(); gap < sequencer.gapEnd(); gap++) {
                    assertThat(missing.add(gap))
                            .as("seed %d: %d told twice", seed, gap)
                            .isTrue();
                }
            }

            assertThat(out)
                    .as("seed %d", seed)
                    .isSorted()
                    .doesNotHaveDuplicates()
                    .hasSize(elements);
            assertThat(missing).as("seed %d", seed).isEqualTo(overtaken);
        }
    }
}
