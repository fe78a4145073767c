package io.weir.reactive.session.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.transport.SessionLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class SessionTimersTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final SessionLoop loop = SessionLoop.on(time);
    private final SessionTimers timers = new SessionTimers(loop);
    private final List<String> fired = new ArrayList<>();

    @AfterEach
    void dispose() {
        time.dispose();
    }

    @Test
    void firesInTheOrderOfTime() {
        at(30, "c");
        at(10, "a");
        at(20, "b");
        time.advanceTimeBy(Duration.ofMillis(25));
        assertThat(fired).containsExactly("a", "b");
        time.advanceTimeBy(Duration.ofMillis(5));
        assertThat(fired).containsExactly("a", "b", "c");
        assertThat(timers.pending()).isZero();
    }

    @Test
    void aCancelledDeadlineDoesNotFire() {
        SessionTimers.Deadline b = at(20, "b");
        at(30, "c");
        b.dispose();
        time.advanceTimeBy(Duration.ofMillis(40));
        assertThat(fired).containsExactly("c");
    }

    @Test
    void aTaskMayAddAnother() {
        timers.at(loop.nowNanos() + 1_000_000, () -> at(5, "second"));
        time.advanceTimeBy(Duration.ofMillis(10));
        assertThat(fired).containsExactly("second");
    }

    @Test
    void nothingFiresAfterDisposal() {
        at(10, "a");
        timers.dispose();
        at(10, "b");
        time.advanceTimeBy(Duration.ofMillis(40));
        assertThat(fired).isEmpty();
        assertThat(timers.pending()).isZero();
    }

    @Test
    void keepsFewOfTheDeadlinesThatWereCancelled() {
        at(10, "a");
        for (int i = 0; i < 10_000; i++) {
            at(1_000 + i, "never").dispose();
        }
        assertThat(timers.pending()).isEqualTo(1);
        assertThat(timers.held()).isLessThan(100);
        time.advanceTimeBy(Duration.ofSeconds(20));
        assertThat(fired).containsExactly("a");
        assertThat(timers.held()).isZero();
    }

    @Test
    void aTaskThatThrowsStopsNoOther() {
        timers.at(loop.nowNanos() + 1_000_000, () -> {
            throw new IllegalStateException("a defect");
        });
        at(2, "b");
        time.advanceTimeBy(Duration.ofMillis(10));
        assertThat(fired).containsExactly("b");
    }

    private SessionTimers.Deadline at(long millis, String name) {
        return timers.at(loop.nowNanos() + Duration.ofMillis(millis).toNanos(), () -> fired.add(name));
    }
}
