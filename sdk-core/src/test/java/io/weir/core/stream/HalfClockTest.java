package io.weir.core.stream;

import static io.weir.core.stream.HalfState.BLOCKED_BY_CREDIT;
import static io.weir.core.stream.HalfState.BLOCKED_BY_LINK;
import static io.weir.core.stream.HalfState.IDLE;
import static io.weir.core.stream.HalfState.SENDING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HalfClockTest {

    private final HalfClock clock = new HalfClock();
    private final List<String> told = new ArrayList<>();

    @Test
    void hasNoTimesBeforeItBegins() {
        clock.enter(SENDING, 10, 0, null);

        assertThat(clock.times(20, 0)).isEqualTo(SendTimes.NONE);
        assertThat(clock.state()).isEqualTo(IDLE);
    }

    @Test
    void countsWhatGoesOnToo() {
        clock.begin(100, 0);
        clock.enter(BLOCKED_BY_CREDIT, 130, 0, null);

        assertThat(clock.times(140, 0)).isEqualTo(new SendTimes(0, 10, 0, 30));
        assertThat(clock.times(150, 0)).isEqualTo(new SendTimes(0, 20, 0, 30));
        assertThat(clock.state()).isEqualTo(BLOCKED_BY_CREDIT);
    }

    @Test
    void countsTheLinkOnlyWhileThereWasSomethingForIt() {
        clock.begin(0, 5);
        clock.enter(SENDING, 100, 65, null); // blocked for 60 meanwhile, which was nothing to an idle half
        assertThat(clock.times(150, 95)).isEqualTo(new SendTimes(20, 0, 30, 100));

        clock.enter(IDLE, 200, 105, null);
        assertThat(clock.times(250, 155)).isEqualTo(new SendTimes(60, 0, 40, 150));
    }

    @Test
    void theLinkIsNeverBlockedForLongerThanTheHalfHasWaited() {
        clock.begin(0, 0);
        clock.enter(SENDING, 10, 0, null);

        assertThat(clock.times(30, 1_000)).isEqualTo(new SendTimes(0, 0, 20, 10));
    }

    @Test
    void standsStillAfterTheEnd() {
        clock.begin(0, 0);
        clock.enter(BLOCKED_BY_LINK, 10, 0, null);
        clock.end(30, 0, null);
        clock.end(70, 0, null);
        clock.enter(SENDING, 80, 0, null);

        assertThat(clock.times(100, 50)).isEqualTo(new SendTimes(0, 0, 20, 10));
        assertThat(clock.times(100, 50).lifeNanos()).isEqualTo(30);
    }

    @Test
    void takesATimeBeforeTheLastForTheLast() {
        clock.begin(100, 0);
        clock.enter(SENDING, 200, 0, null);
        clock.enter(IDLE, 150, 0, null);

        assertThat(clock.times(90, 0)).isEqualTo(new SendTimes(0, 0, 0, 100));
        assertThat(clock.times(210, 0)).isEqualTo(new SendTimes(0, 0, 0, 110));
    }

    @Test
    void tellsEachStateThatWasLeftAndTheLinksAmongThem() {
        clock.begin(0, 0);
        clock.enter(SENDING, 10, 0, this::tell);
        clock.enter(SENDING, 20, 0, this::tell); // the same
        clock.enter(SENDING, 50, 25, this::tell);
        clock.enter(BLOCKED_BY_CREDIT, 60, 25, this::tell);
        clock.end(100, 25, this::tell);

        assertThat(told)
                .containsExactly(
                        "IDLE 10 SENDING",
                        "SENDING 15 BLOCKED_BY_LINK",
                        "BLOCKED_BY_LINK 25 SENDING",
                        "SENDING 10 BLOCKED_BY_CREDIT",
                        "BLOCKED_BY_CREDIT 40 IDLE");
    }

    @Test
    void tellsOfAHalfThatWaitsForMemoryBehindTheLinkOnce() {
        clock.begin(0, 0);
        clock.enter(SENDING, 10, 0, this::tell);
        clock.enter(BLOCKED_BY_LINK, 30, 5, this::tell);
        clock.enter(IDLE, 40, 5, this::tell);

        assertThat(told).containsExactly("IDLE 10 SENDING", "SENDING 15 BLOCKED_BY_LINK", "BLOCKED_BY_LINK 15 IDLE");
        assertThat(clock.times(40, 5)).isEqualTo(new SendTimes(15, 0, 15, 10));
    }

    @Test
    void tellsWhatAnIdleHalfLeavesWithItsEnd() {
        clock.begin(0, 0);
        clock.end(10, 0, this::tell);

        assertThat(told).containsExactly("IDLE 10 IDLE");
    }

    /** Against a model that steps through every nanosecond: the four add up, whenever they are read, and each is right. */
    @Test
    void addsUpWhateverHappens() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            HalfClock half = new HalfClock();
            Map<HalfState, Long> model = new EnumMap<>(HalfState.class);
            boolean listens = random.nextBoolean();
            Map<HalfState, Long> heard = new EnumMap<>(HalfState.class);
            HalfClock.Listener listener = listens ? (left, nanos, next) -> heard.merge(left, nanos, Long::sum) : null;
            long begin = random.nextInt(1_000) - 500;
            long now = begin;
            long link = random.nextInt(100);
            boolean blocked = random.nextBoolean();
            HalfState state = IDLE;
            half.begin(now, link);
            for (int step = 0; step < 200; step++) {
                for (int n = random.nextInt(20); n > 0; n--) {
                    now++;
                    link += blocked ? 1 : 0;
                    model.merge(state == SENDING && blocked ? BLOCKED_BY_LINK : state, 1L, Long::sum);
                }
                if (random.nextInt(3) == 0) {
                    blocked = !blocked;
                } else {
                    state = HalfState.values()[random.nextInt(4)];
                    half.enter(state, now, link, listener);
                }
                SendTimes times = half.times(now, link);
                assertThat(times).as("seed %d, step %d", seed, step).isEqualTo(timesOf(model));
                assertThat(times.lifeNanos()).as("seed %d, step %d", seed, step).isEqualTo(now - begin);
            }
            half.end(now, link, listener);
            assertThat(half.times(now + 50, link + 50)).as("seed %d", seed).isEqualTo(timesOf(model));
            if (listens) {
                assertThat(timesOf(heard)).as("seed %d, told", seed).isEqualTo(timesOf(model));
            }
        }
    }

    private static SendTimes timesOf(Map<HalfState, Long> model) {
        return new SendTimes(
                model.getOrDefault(SENDING, 0L),
                model.getOrDefault(BLOCKED_BY_CREDIT, 0L),
                model.getOrDefault(BLOCKED_BY_LINK, 0L),
                model.getOrDefault(IDLE, 0L));
    }

    private void tell(HalfState left, long nanos, HalfState entered) {
        told.add(left + " " + nanos + " " + entered);
    }
}
