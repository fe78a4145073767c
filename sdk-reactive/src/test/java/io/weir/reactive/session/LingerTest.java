package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long whoever has said END waits for the peer: by what the path is like, and by what still leaves. */
final class LingerTest {

    private long roundTrip;
    private long stalled;
    private final Linger linger = new Linger(() -> roundTrip, now -> stalled);

    private static long millis(long count) {
        return TimeUnit.MILLISECONDS.toNanos(count);
    }

    @ParameterizedTest
    @CsvSource({"0, 500", "1, 500", "31, 500", "32, 512", "200, 3200", "625, 10000", "60000, 10000"})
    void lastsSixteenRoundTripsWithinItsBounds(long roundTripMillis, long expectedMillis) {
        roundTrip = millis(roundTripMillis);

        assertThat(linger.begin(7)).isEqualTo(7 + millis(expectedMillis));
        linger.onFlushed(7);
        assertThat(linger.untilNanos(8)).isEqualTo(7 + millis(expectedMillis));
    }

    @Test
    void beginsWhenEndHasLeft() {
        linger.begin(0);
        linger.onFlushed(millis(400));
        linger.onFlushed(millis(450)); // the link has ended too

        assertThat(linger.untilNanos(millis(500))).isEqualTo(millis(900));
    }

    @Test
    void goesOnWhileWhatIsInFrontOfEndIsTaken() {
        linger.begin(0);
        stalled = millis(499);

        assertThat(linger.untilNanos(millis(500))).isEqualTo(millis(1_000));
    }

    @ParameterizedTest
    @ValueSource(longs = {500, 0})
    void isOverWhereNothingOfItIsTakenOrNobodyKnows(long stalledMillis) {
        linger.begin(0);
        stalled = millis(stalledMillis);

        assertThat(linger.untilNanos(millis(500))).isEqualTo(millis(500));
    }

    @Test
    void lastsTenSecondsAtTheMost() {
        linger.begin(0);
        stalled = 1;
        assertThat(linger.untilNanos(millis(9_800))).isEqualTo(millis(10_000));

        linger.onFlushed(millis(9_900));
        assertThat(linger.untilNanos(millis(9_950))).isEqualTo(millis(10_000));
    }
}
