package io.weir.reactive.session.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.transport.SessionLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class TimeLimitsTest {

    private static final long MILLI = 1_000_000;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final SessionLoop loop = SessionLoop.on(time);
    private final SessionTimers timers = new SessionTimers(loop);
    private final TimeLimits deadlines = new TimeLimits(timers);
    private final List<String> expired = new ArrayList<>();

    @AfterEach
    void dispose() {
        time.dispose();
    }

    @Test
    void expiresEachAtItsTime() {
        add("slow", 30);
        add("fast", 10);
        advance(5);
        add("fast again", 10);
        advance(5);
        assertThat(expired).containsExactly("fast");
        advance(5);
        assertThat(expired).containsExactly("fast", "fast again");
        advance(15);
        assertThat(expired).containsExactly("fast", "fast again", "slow");
    }

    @Test
    void whatIsRemovedDoesNotExpire() {
        Probe first = add("first", 10);
        Probe middle = add("middle", 10);
        add("last", 10);
        deadlines.remove(first);
        deadlines.remove(middle);
        deadlines.remove(middle);
        advance(20);
        assertThat(expired).containsExactly("last");
    }

    @Test
    void aThousandOfOneLengthNeedOneTimer() {
        for (int i = 0; i < 1_000; i++) {
            add("r" + i, 10);
        }
        assertThat(timers.held()).isEqualTo(1);
    }

    /** Lengths of which hardly two are the same, as those that are left of requests of one time-out. */
    @Test
    void aThousandOfAboutOneLengthNeedOneTimer() {
        for (int i = 0; i < 1_000; i++) {
            Probe probe = new Probe("r" + i);
            probe.limitNanos(30_000 * MILLI - i * 7_919);
            deadlines.addAbout(probe, loop.nowNanos());
        }
        assertThat(timers.held()).isEqualTo(1);
    }

    @Test
    void roundsUpByAThirtySecondAtMost() {
        Random random = new Random(5);
        for (int i = 0; i < 100_000; i++) {
            long nanos = 1 + (random.nextLong() >>> 8 + random.nextInt(50));
            long rounded = TimeLimits.roundedUp(nanos);
            assertThat(rounded).isBetween(nanos, nanos + nanos / 32);
        }
        assertThat(TimeLimits.roundedUp(63)).isEqualTo(63);
        assertThat(TimeLimits.roundedUp(65)).isEqualTo(66);
    }

    @Test
    void theTimerOfThoseThatWereAnsweredServesThoseBehindThem() {
        Probe answered = add("answered", 10);
        advance(5);
        deadlines.remove(answered);
        add("late", 10);
        assertThat(timers.held()).isEqualTo(1);
        advance(10);
        assertThat(expired).containsExactly("late");
    }

    @Test
    void anotherLengthThanTheQueuesCanHoldExpiresToo() {
        int lengths = TimeLimits.MOST_QUEUES + 4;
        List<Probe> all = new ArrayList<>();
        for (int i = 1; i <= lengths; i++) {
            all.add(add("" + i, i));
        }
        deadlines.remove(all.get(lengths - 1));
        advance(lengths);
        assertThat(expired).hasSize(lengths - 1).doesNotContain("" + lengths);
    }

    @Test
    void anEmptyQueueServesAnotherLength() {
        for (int i = 1; i <= TimeLimits.MOST_QUEUES; i++) {
            deadlines.remove(add("gone " + i, 100 + i));
        }
        int before = timers.pending();
        for (int i = 0; i < 100; i++) {
            add("b" + i, 7);
        }
        assertThat(timers.pending()).isLessThanOrEqualTo(before + 1);
        advance(7);
        assertThat(expired).hasSize(100);
    }

    @Test
    void oneThatExpiresMayMakeAnother() {
        TimeLimits.Timed another = new TimeLimits.Timed() {
            @Override
            protected void onTimeout() {
                add("second", 10);
            }

            @Override
            public void onLoop() {}
        };
        another.limitNanos(10 * MILLI);
        deadlines.add(another, loop.nowNanos());
        add("first", 10);
        advance(10);
        assertThat(expired).containsExactly("first");
        advance(10);
        assertThat(expired).containsExactly("first", "second");
    }

    @Test
    void expiresWhatShouldWhateverTheOrderOfRemovals() {
        long seed = 20_261_120;
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            expired.clear();
            List<Probe> live = new ArrayList<>();
            List<String> kept = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                live.add(add("p" + i, 1 + random.nextInt(24)));
                if (random.nextInt(3) == 0) {
                    deadlines.remove(live.remove(random.nextInt(live.size())));
                }
            }
            live.forEach(probe -> kept.add(probe.name));
            advance(25);
            assertThat(expired).as("seed %d, round %d", seed, round).containsExactlyInAnyOrderElementsOf(kept);
        }
    }

    private Probe add(String name, int millis) {
        Probe probe = new Probe(name);
        probe.limitNanos(millis * MILLI);
        deadlines.add(probe, loop.nowNanos());
        return probe;
    }

    private void advance(int millis) {
        time.advanceTimeBy(Duration.ofMillis(millis));
    }

    private final class Probe extends TimeLimits.Timed {
        private final String name;

        Probe(String name) {
            this.name = name;
        }

        @Override
        protected void onTimeout() {
            expired.add(name);
        }

        @Override
        public void onLoop() {}
    }
}
