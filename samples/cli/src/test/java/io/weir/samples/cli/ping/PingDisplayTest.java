package io.weir.samples.cli.ping;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.samples.cli.progress.ProgressStyle;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PingDisplayTest {

    private static final String FIRST = "1 of 4: 1.000 ms; min 1.000, p50 1.000, p90 1.000, p99 1.000, max 1.000 ms";
    private static final String LAST = "4 of 4: 4.000 ms; min 1.000, p50 2.000, p90 4.000, p99 4.000, max 4.000 ms";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private long nowNanos = -5;

    @Test
    void plainLinesComeAtMostOnceASecondAndAtTheEnd() {
        showFour(ProgressStyle.PLAIN, 80, 300);

        assertThat(text()).isEqualToNormalizingNewlines(FIRST + "\n" + LAST + "\n");
    }

    @Test
    void lineOnATerminalIsWrittenAnewTenTimesASecond() {
        showFour(ProgressStyle.BAR, 80, 50);

        assertThat(text())
                .isEqualToNormalizingNewlines("\r" + FIRST + "\033[K" + "\r"
                        + "3 of 4: 3.000 ms; min 1.000, p50 2.000, p90 3.000, p99 3.000, max 3.000 ms\033[K" + "\r"
                        + LAST
                        + "\033[K\n");
    }

    @Test
    void lineOnATerminalIsShorterThanTheTerminalIsWide() {
        showFour(ProgressStyle.BAR, 11, 1);

        assertThat(text()).isEqualToNormalizingNewlines("\r1 of 4: 1.\033[K" + "\r4 of 4: 4.\033[K\n");
    }

    @Test
    void noStyleShowsNothing() {
        showFour(ProgressStyle.NONE, 80, 5_000);

        assertThat(text()).isEmpty();
    }

    private void showFour(ProgressStyle style, int columns, int everyMillis) {
        RoundTrips roundTrips = new RoundTrips(4);
        try (PingDisplay display = new PingDisplay(out, style, columns, 4, () -> nowNanos)) {
            for (int i = 1; i <= 4; i++) {
                roundTrips.add(Duration.ofMillis(i));
                display.show(roundTrips);
                nowNanos += TimeUnit.MILLISECONDS.toNanos(everyMillis);
            }
        }
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
