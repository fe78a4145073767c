package io.weir.samples.cli.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a transfer is summed up. */
final class FiguresTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "268435456 | 0        | 810  | '268,435,456 bytes in 0.81 s, 331.4 MB/s'",
                "21000     | 0        | 80   | '21,000 bytes in 0.08 s, 262.5 kB/s'",
                "6         | 0        | 220  | '6 bytes in 0.22 s, 27 B/s'",
                "0         | 0        | 620  | '0 bytes in 0.62 s'",
                "1000000   | 43057152 | 1000 | '1,000,000 bytes in 1.00 s, 1.0 MB/s; 43,057,152 bytes were there before'",
                "0         | 30000000 | 620  | '0 bytes in 0.62 s; 30,000,000 bytes were there before'"
            })
    void rateHasAUnitThatFitsAndWhatWasThereIsTold(long bytes, long before, long millis, String text) {
        assertThat(new Figures(bytes, before, Duration.ofMillis(millis))).hasToString(text);
    }
}
