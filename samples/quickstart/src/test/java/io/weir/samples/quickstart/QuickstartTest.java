package io.weir.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class QuickstartTest {

    /** The smallest quote costs 16 + 42 bytes; a few whose size surprised may be held beside those in the window. */
    private static final long QUOTES_IN_THE_WINDOW = 16 * 1024 / (16 + 42) + 8;

    @Test
    void publisherIsNeverAheadByMoreThanTheWindow() {
        Meter meter = Quickstart.runNow(Duration.ofSeconds(3));

        assertThat(meter.receivedSoFar()).isPositive();
        assertThat(meter.mostAhead()).isLessThanOrEqualTo(QUOTES_IN_THE_WINDOW);
        assertThat(meter.isPublisherCancelled()).isTrue();
    }
}
