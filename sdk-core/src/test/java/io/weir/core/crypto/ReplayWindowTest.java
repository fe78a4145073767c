package io.weir.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ReplayWindowTest {
    @Test
    void acceptsEachNumberOnce() {
        ReplayWindow window = new ReplayWindow();
        assertThat(window.highest()).isEqualTo(-1);
        assertThat(window.accepts(0)).isTrue();

        window.record(0);
        window.record(5);

        assertThat(window.accepts(0)).isFalse();
        assertThat(window.accepts(5)).isFalse();
        assertThat(window.accepts(3)).isTrue();
        assertThat(window.accepts(6)).isTrue();
        assertThat(window.highest()).isEqualTo(5);
    }

    @Test
    void isExactly8192Wide() {
        ReplayWindow window = new ReplayWindow();
        window.record(100_000);

        assertThat(window.accepts(100_000 - 8_191)).isTrue();
        assertThat(window.accepts(100_000 - 8_192)).isFalse();
    }

    /** It grows with the numbers: what it knows of those before must stay. */
    @Test
    void remembersWhatCameBeforeItGrew() {
        for (long step : new long[] {1, 63, 64, 255, 256, 300, 4_000}) {
            ReplayWindow window = new ReplayWindow();
            Set<Long> recorded = new HashSet<>();
            for (long n = 0; n <= 20_000; n += step) {
                window.record(n);
                recorded.add(n);
                for (long asked = Math.max(0, n - 8_191); asked <= n; asked += 61) {
                    assertThat(window.accepts(asked))
                            .as("%d behind %d by %d", asked, n, step)
                            .isEqualTo(!recorded.contains(asked));
                }
            }
        }
    }

    @Test
    void askingChangesNothing() {
        ReplayWindow window = new ReplayWindow();
        window.record(1);

        assertThat(window.accepts(1L << 50)).isTrue();

        assertThat(window.highest()).isEqualTo(1);
        assertThat(window.accepts(0)).isTrue();
    }

    @Test
    void refusesNumbersThatAreNegativeAsSigned() {
        assertThat(new ReplayWindow().accepts(-1)).isFalse();
        assertThat(new ReplayWindow().accepts(Long.MIN_VALUE)).isFalse();
    }

    @Test
    void recordingWhatIsNotAcceptedIsACallersBug() {
        ReplayWindow window = new ReplayWindow();
        window.record(9_000);

        assertThatIllegalArgumentException().isThrownBy(() -> window.record(9_000));
        assertThatIllegalArgumentException().isThrownBy(() -> window.record(808));
    }

    @Test
    void leapsOverTheWholeWindowForgetEverythingOlder() {
        for (long leap : new long[] {8_191, 8_192, 8_193, 1L << 40}) {
            ReplayWindow window = new ReplayWindow();
            for (long n = 0; n < 100; n++) {
                window.record(n);
            }
            window.record(99 + leap);

            assertThat(window.accepts(100 + leap - 8_192))
                    .as("leap of %d", leap)
                    .isEqualTo(leap >= 8_192);
            assertThat(window.accepts(98 + leap)).isTrue();
            assertThat(window.accepts(99 + leap)).isFalse();
        }
    }

    @Test
    void agreesWithASetOfAllNumbersEverSeen() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            ReplayWindow window = new ReplayWindow();
            Set<Long> seen = new HashSet<>();
            long highest = -1;
            for (int i = 0; i < 20_000; i++) {
                long step = random.nextInt(50) == 0 ? random.nextInt(20_000) : random.nextInt(200);
                long n = Math.max(0, highest + (random.nextInt(3) == 0 ? step : -random.nextInt(9_000)));
                boolean expected = !seen.contains(n) && n > highest - ReplayWindow.SIZE;
                assertThat(window.accepts(n))
                        .as("seed %d, step %d, number %d", seed, i, n)
                        .isEqualTo(expected);
                if (expected) {
                    window.record(n);
                    seen.add(n);
                    highest = Math.max(highest, n);
                }
            }
        }
    }
}
