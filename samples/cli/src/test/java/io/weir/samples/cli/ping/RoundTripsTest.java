package io.weir.samples.cli.ping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RoundTripsTest {

    @Test
    void percentilesAreNearestRanks() {
        RoundTrips roundTrips = new RoundTrips(200);
        IntStream.iterate(200, i -> i - 1).limit(200).forEach(i -> roundTrips.add(Duration.ofNanos(i)));

        assertThat(roundTrips.spread()).contains(new Spread(200, 1, 1, 100, 180, 198, 200));
    }

    @Test
    void oneIsAllOfThem() {
        RoundTrips roundTrips = new RoundTrips(1);
        roundTrips.add(Duration.ofNanos(123_456));

        assertThat(roundTrips.spread().orElseThrow())
                .hasToString("min 0.123, p50 0.123, p90 0.123, p99 0.123, max 0.123 ms");
    }

    @Test
    void noneHaveNoSpread() {
        assertThat(new RoundTrips(1).spread()).isEmpty();
    }

    @Test
    void moreThanAreKeptAreRefused() {
        RoundTrips roundTrips = new RoundTrips(1);
        roundTrips.add(Duration.ZERO);

        assertThatThrownBy(() -> roundTrips.add(Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("count is 1, must not rise above 1");
    }
}
