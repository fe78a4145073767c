package io.weir.core.datagram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ReceiverIndexesTest {
    private final ReceiverIndexes<String> indexes = new ReceiverIndexes<>(new Random(1)::nextBytes, 1_000);

    @Test
    void leadsToTheOwnerUntilItIsReleased() {
        int index = indexes.claim("handshake");
        indexes.pass(index, "session");
        assertThat(indexes.owner(index)).isEqualTo("session");

        indexes.release(index);
        indexes.release(index);

        assertThat(indexes.owner(index)).isNull();
        assertThat(indexes.size()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> indexes.pass(index, "nobody"));
    }

    @Test
    void givesNoMoreThanItsBoundAndGivesAgainWhatIsReleased() {
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            given.add(indexes.claim("owner " + i));
        }
        assertThat(given).hasSize(1_000).doesNotContain(ReceiverIndexes.NONE);

        assertThat(indexes.claim("one more")).isEqualTo(ReceiverIndexes.NONE);
        indexes.release(given.iterator().next());

        assertThat(indexes.claim("one more")).isNotEqualTo(ReceiverIndexes.NONE);
    }

    @Test
    void spreadsOverAllBitsOfTheNumber() {
        int ones = 0;
        int zeros = 0;
        for (int i = 0; i < 1_000; i++) {
            int index = indexes.claim("");
            ones |= index;
            zeros |= ~index;
        }

        assertThat(ones).isEqualTo(-1);
        assertThat(zeros).isEqualTo(-1);
    }

    @Test
    void tellsWhichOfTheSocketsOfAPortHasGivenIt() {
        for (int parts : new int[] {1, 2, 3, 64}) {
            for (int part = 0; part < parts; part++) {
                ReceiverIndexes<String> own = new ReceiverIndexes<>(new Random(parts)::nextBytes, 1_000, part, parts);
                for (int i = 0; i < 200; i++) {
                    int index = own.claim("");
                    assertThat(index).isNotEqualTo(ReceiverIndexes.NONE);
                    assertThat(ReceiverIndexes.part(index, parts)).isEqualTo(part);
                }
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReceiverIndexes<>(new Random(1)::nextBytes, 8, 2, 2))
                .withMessage("part is 2; legal: 0 to 1");
    }

    /** Behind the last number of the range there is none of this part. */
    @Test
    void drawsAgainWhereThePartHasNoNumber() {
        int[] draws = {0};
        ReceiverIndexes<String> last =
                new ReceiverIndexes<>(out -> Arrays.fill(out, (byte) (draws[0]++ < 2 ? 0xFF : 0x11)), 8, 2, 3);
        assertThat(ReceiverIndexes.part(last.claim(""), 3)).isEqualTo(2);
        assertThat(draws[0]).isGreaterThan(2);
    }

    @Test
    void refusesASourceOfRandomnessThatIsNone() {
        ReceiverIndexes<String> stuck = new ReceiverIndexes<>(out -> Arrays.fill(out, (byte) 1), 8);
        assertThat(stuck.claim("first")).isEqualTo(0x0101_0101);

        assertThatIllegalStateException().isThrownBy(() -> stuck.claim("second"));
    }

    @Test
    void namesTheLegalRangeOfItsBound() {
        for (int max : new int[] {0, -1, (1 << 20) + 1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ReceiverIndexes<>(new Random(1)::nextBytes, max))
                    .withMessage("max is " + max + "; legal: 1 to 1048576");
        }
    }
}
