package io.weir.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRaceTest {

    private static final long ATTEMPT = AddressRace.ATTEMPT_DELAY_NANOS;
    private static final long RESOLUTION = AddressRace.RESOLUTION_DELAY_NANOS;

    private final AddressRace<String> race = new AddressRace<>();

    @ParameterizedTest
    @CsvSource({
        "a b c, x y z, a x b y c z",
        "a, x y z, a x y z",
        "a b c, x, a x b c",
        "a b, '', a b",
        "'', x y, x y",
        "a a b, b x x, a x b",
    })
    void familiesTakeTurnsAndNothingIsTriedTwice(String v6, String v4, String order) {
        race.resolved(AddressFamily.IPV6, words(v6), 0);
        race.resolved(AddressFamily.IPV4, words(v4), 0);

        assertThat(all(0)).containsExactlyElementsOf(words(order));
    }

    /** The clock of a JVM may begin anywhere, also just before its overflow. */
    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE, Long.MIN_VALUE})
    void attemptsAreADelayApart(long start) {
        race.resolved(AddressFamily.IPV6, List.of("a"), start);
        race.resolved(AddressFamily.IPV4, List.of("x"), start);

        assertThat(race.poll(start)).isEqualTo("a");
        assertThat(race.poll(start + ATTEMPT - 1)).isNull();
        assertThat(race.nextAtNanos()).isEqualTo(start + ATTEMPT);
        assertThat(race.poll(start + ATTEMPT)).isEqualTo("x");
        assertThat(race.hasWaiting()).isFalse();
        assertThat(race.isLost()).isFalse();
    }

    @Test
    void theFailureOfOneStartsTheNextAtOnce() {
        race.resolved(AddressFamily.IPV6, List.of("a", "b"), 0);
        race.resolved(AddressFamily.IPV4, List.of("x"), 0);
        race.poll(0);

        race.failed(10);

        assertThat(race.poll(10)).isEqualTo("x");
        assertThat(race.poll(11)).isNull();
        assertThat(race.poll(10 + ATTEMPT)).isEqualTo("b");
    }

    @Test
    void sixthVersionAddressesDoNotWaitForTheFourths() {
        race.resolved(AddressFamily.IPV6, List.of("a", "b"), 5);

        assertThat(race.poll(5)).isEqualTo("a");
        race.resolved(AddressFamily.IPV4, List.of("x"), 7);
        assertThat(race.poll(8)).isNull();
        assertThat(race.poll(5 + ATTEMPT)).isEqualTo("x");
        assertThat(race.poll(5 + 2 * ATTEMPT)).isEqualTo("b");
    }

    @Test
    void fourthVersionAddressesWaitAMomentForTheSixths() {
        race.resolved(AddressFamily.IPV4, List.of("x"), 5);

        assertThat(race.poll(5)).isNull();
        assertThat(race.nextAtNanos()).isEqualTo(5 + RESOLUTION);
        assertThat(race.poll(5 + RESOLUTION)).isEqualTo("x");
    }

    @Test
    void theWaitEndsWhenTheSixthsHaveCome() {
        race.resolved(AddressFamily.IPV4, List.of("x"), 5);
        race.resolved(AddressFamily.IPV6, List.of("a"), 6);

        assertThat(all(6)).containsExactly("a", "x");
    }

    @Test
    void theWaitEndsWhenThereAreNoSixths() {
        race.resolved(AddressFamily.IPV4, List.of("x"), 5);
        race.resolved(AddressFamily.IPV6, List.of(), 6);

        assertThat(race.poll(6)).isEqualTo("x");
    }

    @Test
    void addressesThatComeAfterAllOthersFailedAreTriedAtOnce() {
        race.resolved(AddressFamily.IPV4, List.of("x"), 0);
        race.poll(RESOLUTION);
        race.failed(RESOLUTION + 1);
        assertThat(race.isLost()).isFalse();

        race.resolved(AddressFamily.IPV6, List.of("a"), RESOLUTION + 2);

        assertThat(race.poll(RESOLUTION + 2)).isEqualTo("a");
    }

    @Test
    void isLostWhenBothFamiliesAreAnsweredAndAllHaveFailed() {
        race.resolved(AddressFamily.IPV6, List.of(), 0);
        assertThat(race.isLost()).isFalse();
        race.resolved(AddressFamily.IPV4, List.of("x"), 0);
        assertThat(race.isLost()).isFalse();
        race.poll(0);
        assertThat(race.isLost()).isFalse();
        race.failed(1);
        assertThat(race.isLost()).isTrue();
    }

    @Test
    void aNameWithoutAddressesIsLost() {
        race.resolved(AddressFamily.IPV6, List.of(), 0);
        race.resolved(AddressFamily.IPV4, List.of(), 0);

        assertThat(race.isLost()).isTrue();
        assertThat(race.poll(0)).isNull();
    }

    @Test
    void triesNoMoreThanItsBound() {
        race.resolved(
                AddressFamily.IPV6,
                IntStream.range(0, 100).mapToObj(i -> "a" + i).toList(),
                0);
        race.resolved(
                AddressFamily.IPV4,
                IntStream.range(0, 100).mapToObj(i -> "x" + i).toList(),
                0);

        assertThat(all(0)).hasSize(AddressRace.MAX_ADDRESSES).contains("a7", "x7");
        for (int i = 0; i < AddressRace.MAX_ADDRESSES; i++) {
            assertThat(race.isLost()).isFalse();
            race.failed(0);
        }
        assertThat(race.isLost()).isTrue();
    }

    @Test
    void answersAndFailuresThatCannotBeAreTheCallersBugs() {
        race.resolved(AddressFamily.IPV6, List.of("a"), 0);

        assertThatIllegalStateException().isThrownBy(() -> race.resolved(AddressFamily.IPV6, List.of(), 0));
        assertThatIllegalStateException().isThrownBy(() -> race.failed(0));
    }

    private List<String> all(long from) {
        List<String> order = new ArrayList<>();
        for (long now = from; race.hasWaiting(); now += ATTEMPT) {
            order.add(race.poll(now));
        }
        return order;
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }
}
