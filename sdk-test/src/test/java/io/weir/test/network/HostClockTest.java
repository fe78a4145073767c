package io.weir.test.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** A host whose clock is set. */
final class HostClockTest {

    private final SimulatedNetwork network = SimulatedNetwork.seeded(1);
    private final HostScheduler scheduler = network.host("a").scheduler();
    private final List<String> fired = new ArrayList<>();

    @AfterEach
    void close() {
        network.close();
    }

    private Disposable timer(String name, long millis) {
        return scheduler.schedule(
                () -> fired.add(name + " at " + network.nowNanos() / 1_000_000), millis, TimeUnit.MILLISECONDS);
    }

    private void advance(long millis) {
        network.advance(Duration.ofMillis(millis));
    }

    private void set(long millis) {
        network.setClock("a", Duration.ofMillis(millis));
    }

    @Test
    void clockIsAheadOfTheOthersFromThenOn() {
        advance(10);
        set(500);
        assertThat(scheduler.now(TimeUnit.MILLISECONDS)).isEqualTo(510);
        assertThat(network.host("b").scheduler().now(TimeUnit.MILLISECONDS)).isEqualTo(10);
        set(-1_000);
        assertThat(scheduler.now(TimeUnit.MILLISECONDS)).isEqualTo(-490);
        assertThat(network.nowNanos()).isEqualTo(10_000_000);
    }

    @Test
    void whatTheClockJumpsOverComesAtOnceInItsOrderAndTheRestSooner() {
        timer("late", 900);
        timer("second", 300);
        timer("first", 200);
        advance(100);
        set(500);
        network.settle();
        assertThat(fired).containsExactly("first at 100", "second at 100");
        advance(299);
        assertThat(fired).hasSize(2);
        advance(1);
        assertThat(fired).last().isEqualTo("late at 400");
    }

    @Test
    void whatWaitsForAClockThatGoesBackWaitsLonger() {
        timer("one", 100);
        advance(50);
        set(-1_000);
        timer("two", 200);
        advance(200);
        assertThat(fired).containsExactly("two at 250");
        advance(849);
        assertThat(fired).hasSize(1);
        advance(1);
        assertThat(fired).last().isEqualTo("one at 1100");
    }

    @Test
    void timerThatIsDisposedStaysSo() {
        Disposable timer = timer("never", 100);
        set(10);
        timer.dispose();
        set(500);
        advance(1_000);
        assertThat(fired).isEmpty();
        assertThat(network.timers("a")).isZero();
    }

    @Test
    void clockOfAFrozenHostIsSet() {
        timer("held", 10);
        timer("jumped over", 400);
        network.freeze("a", Duration.ofMillis(100));
        advance(50);
        set(1_000);
        advance(49);
        assertThat(fired).isEmpty();
        advance(1);
        assertThat(fired).containsExactly("held at 100", "jumped over at 100");
    }
}
