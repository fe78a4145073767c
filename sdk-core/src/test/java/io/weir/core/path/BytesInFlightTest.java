package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RFC 9002 section 7.8. */
class BytesInFlightTest {

    private final BytesInFlight flight = new BytesInFlight();

    @Test
    void countsWhatIsNotSettled() {
        flight.onSent(0, 1_000);
        flight.onSent(1, 500);
        flight.onSettled(1_000);

        assertThat(flight.bytes()).isEqualTo(500);
        assertThat(flight.fits(500, 1_000)).isTrue();
        assertThat(flight.fits(501, 1_000)).isFalse();
    }

    @Test
    void isLimitedByTheApplicationUntilSomethingIsHeldBack() {
        flight.onSent(0, 1_000);
        assertThat(flight.appLimited(0)).isTrue();
    }

    @Test
    void allThatIsInFlightWhenTheWindowIsFullHasFilledIt() {
        flight.onSent(0, 1_000);
        flight.onSent(1, 1_000);
        flight.onHeldBack(2_000);
        flight.onSent(2, 1_000);

        assertThat(flight.appLimited(0)).isFalse();
        assertThat(flight.appLimited(1)).isFalse();
        assertThat(flight.appLimited(2)).isTrue();
    }

    /** A sender that paces is not limited by the application where it would fill the window without. */
    @Test
    void thePacerHoldsBackWhatWouldFillTheWindow() {
        flight.onSent(0, 1_000);
        flight.onHeldBack(2_000);
        assertThat(flight.appLimited(0)).isFalse();
    }

    /** But a burst of a little more than the pacer lets go at once would not, whatever the window. */
    @Test
    void aBurstFarBelowTheWindowDoesNotFillItThoughItIsPaced() {
        flight.onSent(0, 1_000);
        flight.onHeldBack(2_002);
        assertThat(flight.appLimited(0)).isTrue();
    }
}
