package io.weir.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeenIdsTest {

    private final SeenIds seen = new SeenIds();

    @Test
    void nothingWasUsedAtFirst() {
        assertThat(seen.contains(1)).isFalse();
        assertThat(seen.contains(Long.MAX_VALUE >> 2)).isFalse();
        assertThat(seen.highest()).isZero();
    }

    @Test
    void idsInOrderAreUsedOnce() {
        for (long id = 1; id <= 200_000; id++) {
            assertThat(seen.contains(id)).isFalse();
            seen.add(id);
            assertThat(seen.contains(id)).isTrue();
        }
        assertThat(seen.contains(1)).isTrue();
        assertThat(seen.highest()).isEqualTo(200_000);
    }

    @Test
    void gapsStayOpenWithinTheSpan() {
        seen.add(1);
        seen.add(SeenIds.SPAN + 1L);
        assertThat(seen.contains(2)).isFalse();
        seen.add(2);
        assertThat(seen.contains(2)).isTrue();
        assertThat(seen.contains(3)).isFalse();
        assertThat(seen.contains(SeenIds.SPAN + 1L)).isTrue();
        assertThat(seen.contains(SeenIds.SPAN + 2L)).isFalse();
    }

    @Test
    void anIdBeyondTheSpanPullsTheFloorAlong() {
        seen.add(1);
        seen.add(5);
        seen.add(SeenIds.SPAN + 4L);
        assertThat(seen.contains(4)).isTrue();
        assertThat(seen.contains(5)).isTrue();
        assertThat(seen.contains(6)).isFalse();
    }

    @Test
    void aLeapForgetsTheOldRing() {
        for (long id = 2; id < 1_000; id += 2) {
            seen.add(id);
        }
        long far = 1L << 50;
        seen.add(far);
        assertThat(seen.contains(999)).isTrue();
        assertThat(seen.contains(far)).isTrue();
        assertThat(seen.contains(far - 1)).isFalse();
        assertThat(seen.contains(far - SeenIds.SPAN + 1)).isFalse();
        assertThat(seen.contains(far - SeenIds.SPAN)).isTrue();
        for (long id = far - 2_000; id < far; id++) {
            assertThat(seen.contains(id)).as("%d", id).isFalse();
        }
    }

    /** Its bit is that of the lowest id that is still open, and clearing that one must not let it in again. */
    @Test
    void theFirstIdBeyondTheSpanIsNotForgotten() {
        seen.add(2);
        seen.add(SeenIds.SPAN + 1L);

        assertThat(seen.contains(SeenIds.SPAN + 1L)).isTrue();
        assertThat(seen.contains(1)).as("left behind").isTrue();
        assertThat(seen.contains(3)).isFalse();
    }

    /** Otherwise a message that never came would be dropped as a repeated one. */
    @Test
    void whatFallsBehindTheFloorLeavesNoTraceAhead() {
        seen.add(2);
        seen.add(SeenIds.SPAN + 10L);
        assertThat(seen.contains(SeenIds.SPAN + 2L)).isFalse();

        seen.add(4L * SeenIds.SPAN);
        assertThat(seen.contains(3L * SeenIds.SPAN + 10)).isFalse();
        assertThat(seen.contains(3L * SeenIds.SPAN + 2)).isFalse();
    }

    @Test
    void agreesWithASetOfAllThatWasEverUsed() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            SeenIds ids = new SeenIds();
            Set<Long> used = new HashSet<>();
            int spread = 1 << random.nextInt(19);
            long base = 1;
            for (int i = 0; i < 2_000; i++) {
                long id = Math.max(1, base + random.nextInt(2 * spread) - spread);
                boolean wasUsed = used.contains(id);
                boolean tooOld = id <= ids.highest() - SeenIds.SPAN;
                assertThat(ids.contains(id)).as("seed %d, id %d", seed, id).isEqualTo(wasUsed || tooOld);
                if (!wasUsed && !tooOld) {
                    ids.add(id);
                    used.add(id);
                }
                base += random.nextInt(4);
            }
        }
    }
}
