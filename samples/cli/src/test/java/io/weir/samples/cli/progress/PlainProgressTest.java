package io.weir.samples.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PlainProgressTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void tellsHowMuchHowFastAndHowLongStillOnceASecond() {
        AtomicLong clock = new AtomicLong(-5);
        Progress progress = new PlainProgress(out, "film", 200_000_000, clock::get);

        progress.advance(1_000_000);
        clock.addAndGet(TimeUnit.SECONDS.toNanos(2));
        progress.advance(49_000_000);
        progress.advance(50_000_000);
        progress.close();

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualToNormalizingNewlines("film: 25%, 50.0 of 200.0 MB, 25.0 MB/s, 0:06 left\n");
    }

    /** What was there before took no time: a rate with it would promise what the network does not keep. */
    @Test
    void whatWasThereBeforeIsDoneAndCountsForNoRate() {
        AtomicLong clock = new AtomicLong();
        Progress progress = new PlainProgress(out, "film", 200_000_000, clock::get);

        progress.skip(100_000_000);
        clock.addAndGet(TimeUnit.SECONDS.toNanos(2));
        progress.advance(20_000_000);
        progress.close();

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualToNormalizingNewlines("film: 60%, 120.0 of 200.0 MB, 10.0 MB/s, 0:08 left\n");
    }

    @Test
    void barShowsOnlyWhatIsToCome() {
        try (Progress progress = Progress.shared(ProgressStyle.BAR.start(out, 120, "film", 200_000_000))) {
            progress.skip(100_000_000);
            progress.advance(50_000_000);
        }

        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains(" 50% ", "50/100 MB");
    }

    @Test
    void barShowsRateAndTimeLeft() {
        try (Progress progress = ProgressStyle.BAR.start(out, 120, "film", 200_000_000)) {
            progress.advance(100_000_000);
        }

        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("film", " 50% ", "100/200 MB", "MB/s");
    }

    @Test
    void emptyFileShowsNothing() {
        for (ProgressStyle style : ProgressStyle.values()) {
            try (Progress progress = style.start(out, 80, "empty", 0)) {
                progress.advance(32); // the digest
            }
        }

        assertThat(bytes.size()).isZero();
    }
}
