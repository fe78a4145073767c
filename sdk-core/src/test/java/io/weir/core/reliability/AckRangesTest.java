package io.weir.core.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.weir.core.reliability.AckRanges.Arrival;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.PacketRange;
import io.weir.core.wire.VarInt;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AckRangesTest {

    private final AckRanges ranges = new AckRanges(4);

    private Arrival receive(long number) {
        return ranges.onReceived(number, 0);
    }

    private List<PacketRange> told() {
        return ranges.feedback(4, 0).ranges();
    }

    @Test
    void packetsInOrderAreOneRange() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(receive(i)).isEqualTo(Arrival.NEXT);
        }

        assertThat(told()).containsExactly(new PacketRange(0, 999));
    }

    @Test
    void aGapIsToldAndClosedWhenItIsFilled() {
        receive(0);
        assertThat(receive(3)).isEqualTo(Arrival.OUT_OF_ORDER);
        assertThat(told()).containsExactly(new PacketRange(3, 3), new PacketRange(0, 0));

        assertThat(receive(2)).isEqualTo(Arrival.OUT_OF_ORDER);
        assertThat(told()).containsExactly(new PacketRange(2, 3), new PacketRange(0, 0));
        assertThat(receive(1)).isEqualTo(Arrival.OUT_OF_ORDER);
        assertThat(told()).containsExactly(new PacketRange(0, 3));
    }

    @Test
    void aRangeBelowTheHighestIsToldSoManyTimesUntilSomethingIsAddedToIt() {
        receive(0);
        receive(4);
        for (int i = 0; i < AckRanges.TIMES_TOLD; i++) {
            assertThat(told()).containsExactly(new PacketRange(4, 4), new PacketRange(0, 0));
        }
        assertThat(told()).containsExactly(new PacketRange(4, 4));

        receive(1);
        assertThat(told()).containsExactly(new PacketRange(4, 4), new PacketRange(0, 1));
    }

    @Test
    void theHighestRangeIsToldEachTimeAndCountsFromWhenItIsPassed() {
        receive(0);
        for (int i = 0; i <= AckRanges.TIMES_TOLD; i++) {
            assertThat(told()).containsExactly(new PacketRange(0, 0));
        }

        receive(2);
        receive(5);
        assertThat(told()).containsExactly(new PacketRange(5, 5), new PacketRange(2, 2), new PacketRange(0, 0));
    }

    @Test
    void rangesThatBecomeOneAreToldAnew() {
        receive(0);
        receive(2);
        receive(9);
        for (int i = 0; i <= AckRanges.TIMES_TOLD; i++) {
            told();
        }

        receive(1);

        assertThat(told()).containsExactly(new PacketRange(9, 9), new PacketRange(0, 2));
    }

    @Test
    void whatHasComeIsARepeatWhereverItLies() {
        for (long number : new long[] {0, 1, 5, 6, 9}) {
            receive(number);
        }

        for (long number : new long[] {0, 1, 5, 6, 9}) {
            assertThat(receive(number)).as("%d", number).isEqualTo(Arrival.REPEAT);
        }
        assertThat(told()).hasSize(3);
    }

    @Test
    void aFirstPacketThatIsNotTheFirstSentLeavesAGap() {
        assertThat(receive(5)).isEqualTo(Arrival.OUT_OF_ORDER);
        assertThat(receive(6)).isEqualTo(Arrival.NEXT);
    }

    @Test
    void takesMemoryForAsManyAsThereHaveBeenAtOnce() {
        AckRanges many = new AckRanges(256);
        for (int i = 0; i < 1_000; i++) {
            many.onReceived(i, 0);
        }
        assertThat(many.capacity()).isEqualTo(AckRanges.LEAST);
        for (int i = 0; i < 1_000; i++) {
            many.onReceived(2_000 + 2 * i, 0);
            assertThat(many.capacity()).isLessThanOrEqualTo(Math.min(257, 2 * many.count() + AckRanges.LEAST));
        }
        assertThat(many.count()).isEqualTo(256);
        assertThat(many.capacity()).isEqualTo(257);
    }

    /** RFC 9000 section 13.2.3: a receiver limits the ranges that it remembers, and lets the oldest go. */
    @Test
    void theLowestRangeIsGivenUpForOneTooMany() {
        for (long number : new long[] {1, 3, 5, 7}) {
            receive(number);
        }

        receive(9);

        assertThat(told()).extracting(PacketRange::first).containsExactly(9L, 7L, 5L, 3L);
        assertThat(receive(0)).isEqualTo(Arrival.REPEAT);
        assertThat(receive(1)).isEqualTo(Arrival.REPEAT);
        assertThat(receive(2)).isEqualTo(Arrival.OUT_OF_ORDER);
        assertThat(ranges.count()).isEqualTo(4);
    }

    @Test
    void beforeAnythingHasComeThereIsNothingToTell() {
        assertThat(ranges.largest()).isEqualTo(-1);
        assertThatIllegalStateException().isThrownBy(() -> ranges.feedback(4, 0));
    }

    @Test
    void onlyTheHighestRangesAreTold() {
        for (long number : new long[] {1, 3, 5, 7}) {
            receive(number);
        }

        assertThat(ranges.feedback(2, 0).ranges()).containsExactly(new PacketRange(7, 7), new PacketRange(5, 5));
        assertThat(receive(1)).isEqualTo(Arrival.REPEAT);
    }

    /** RFC 9000 section 19.3: ACK Delay is the time since the packet with the largest number came. */
    @Test
    void theDelayIsThatOfTheLargest() {
        ranges.onReceived(4, 1_000_000);
        ranges.onReceived(2, 5_000_000);

        assertThat(ranges.feedback(4, 6_500_000).delayMicros()).isEqualTo(5_500);
        assertThat(ranges.feedback(4, 0).delayMicros()).isZero();
    }

    @Test
    void theLargestNumberThereIsHasAPlace() {
        assertThat(receive(VarInt.MAX)).isEqualTo(Arrival.OUT_OF_ORDER);
        assertThat(receive(0)).isEqualTo(Arrival.OUT_OF_ORDER);

        assertThat(told()).containsExactly(new PacketRange(VarInt.MAX, VarInt.MAX), new PacketRange(0, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 4_097})
    void theBoundIsWhatAFrameCanTell(int maxRanges) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AckRanges(maxRanges))
                .withMessageContaining("must be 1 to 4096");
    }

    /** Against a set of all that came; what is below the floor is left out of both. */
    @Test
    void agreesWithASetWhateverComes() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            int maxRanges = 1 + random.nextInt(20);
            AckRanges some = new AckRanges(maxRanges);
            TreeSet<Long> came = new TreeSet<>();
            TreeSet<Long> told = new TreeSet<>();
            long floor = 0;
            for (int i = 0; i < 400; i++) {
                long number = random.nextInt(10 + i);
                long largest = some.largest();

                Arrival arrival = some.onReceived(number, i);

                Arrival expected = number < floor || came.contains(number)
                        ? Arrival.REPEAT
                        : number == largest + 1 ? Arrival.NEXT : Arrival.OUT_OF_ORDER;
                assertThat(arrival)
                        .as("seed %d, step %d, number %d", seed, i, number)
                        .isEqualTo(expected);
                came.add(number);
                told.addAll(flat(some));
                floor = floor(came.tailSet(floor), maxRanges, floor);
                assertThat(told.tailSet(floor)).as("seed %d, step %d", seed, i).isEqualTo(came.tailSet(floor));
            }
        }
    }

    /** Behind the lowest range, if there is one too many of them; else as it was. */
    private static long floor(SortedSet<Long> numbers, int maxRanges, long before) {
        List<Long> ends =
                numbers.stream().filter(number -> !numbers.contains(number + 1)).toList();
        return ends.size() > maxRanges ? ends.get(ends.size() - maxRanges - 1) + 1 : before;
    }

    private static TreeSet<Long> flat(AckRanges some) {
        TreeSet<Long> numbers = new TreeSet<>();
        if (some.count() > 0) {
            Feedback feedback = some.feedback(AckRanges.MOST, 0);
            List<PacketRange> ascending = new ArrayList<>(feedback.ranges());
            for (PacketRange range : ascending) {
                for (long number = range.first(); number <= range.last(); number++) {
                    numbers.add(number);
                }
            }
        }
        return numbers;
    }
}
