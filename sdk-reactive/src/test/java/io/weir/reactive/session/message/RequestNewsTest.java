package io.weir.reactive.session.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.NodeStats;
import io.weir.reactive.PeerSession;
import io.weir.reactive.session.loop.SessionContext;
import io.weir.reactive.stats.RequestCounts;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestNewsTest {

    private final List<NodeObserver.RequestDone> answered = new ArrayList<>();
    private final List<NodeObserver.RequestDone> asked = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private long now;
    private long tick;
    private int readings;
    private Runnable onTold = () -> {};

    private final RequestCounts counts = new RequestCounts();

    private final NodeObserver observer = new NodeObserver() {
        @Override
        public void onAsked(PeerSession session, RequestsDone requests) {
            sizes.add(requests.size());
            NodeObserver.super.onAsked(session, requests);
        }

        @Override
        public void onAnswered(PeerSession session, RequestsDone requests) {
            sizes.add(requests.size());
            NodeObserver.super.onAnswered(session, requests);
        }

        @Override
        public void onAsked(PeerSession session, RequestDone request) {
            asked.add(request);
            onTold.run();
        }

        @Override
        public void onAnswered(PeerSession session, RequestDone request) {
            answered.add(request);
        }
    };

    private final RequestNews news = new RequestNews(context(counts, observer));

    private SessionContext context(RequestCounts counts, @Nullable NodeObserver observer) {
        PeerSession session = proxy(PeerSession.class, null, counts, observer);
        return proxy(SessionContext.class, session, counts, observer);
    }

    private <T> T proxy(
            Class<T> type, @Nullable PeerSession session, RequestCounts counts, @Nullable NodeObserver observer) {
        return type.cast(Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "tickNanos" -> tick;
                    case "nowNanos" -> {
                        readings++;
                        yield now;
                    }
                    case "peerSession" -> session;
                    case "counts" -> counts;
                    case "observer" -> observer;
                    default -> throw new UnsupportedOperationException(method.getName());
                }));
    }

    private void handle(long nanos) {
        news.calls();
        now += nanos;
        news.answeredAtOnce("route", ErrorCode.NONE, 0);
        news.returned();
    }

    private long served() {
        return answered.stream()
                .mapToLong(NodeObserver.RequestDone::serviceNanos)
                .sum();
    }

    // ---- when it is told

    @Test
    void tellsOfWhatEndsWithinARecordTogetherAndOfOthersAtOnce() {
        news.asked("a", ErrorCode.NONE, 0, 1, 2);
        assertThat(asked).containsExactly(new NodeObserver.RequestDone("a", ErrorCode.NONE, 1, 2));

        news.turnBegins();
        news.asked("b", ErrorCode.APPLICATION_ERROR, 70_000, 3, 4);
        news.asked("c", ErrorCode.BUSY, ErrorCode.BUSY.number(), 5, 6);
        handle(7);
        assertThat(sizes).containsExactly(1);
        news.turnEnds();
        assertThat(sizes).containsExactly(1, 1, 2);
        assertThat(asked.subList(1, 3))
                .containsExactly(
                        new NodeObserver.RequestDone("b", ErrorCode.APPLICATION_ERROR, 70_000, 3, 4),
                        new NodeObserver.RequestDone("c", ErrorCode.BUSY, 5, 6));

        handle(8);
        assertThat(served()).isEqualTo(15);
    }

    @Test
    void keepsNoMoreThanItsBoundUntold() {
        news.turnBegins();
        for (int i = 0; i < 1_000; i++) {
            news.asked("a", ErrorCode.NONE, 0, 0, 0);
            handle(10);
        }
        news.turnEnds();
        assertThat(asked).hasSize(1_000);
        assertThat(answered).hasSize(1_000);
        assertThat(sizes).allMatch(size -> size > 0 && size <= DoneRequests.MOST);
    }

    @Test
    void losesNothingThatEndsWhileItTells() {
        onTold = () -> {
            if (asked.size() < 10) {
                news.asked("within", ErrorCode.NONE, 0, asked.size(), 0);
            }
        };
        news.asked("a", ErrorCode.NONE, 0, 0, 0);
        assertThat(asked)
                .hasSize(10)
                .extracting(NodeObserver.RequestDone::queueNanos)
                .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    }

    // ---- what is counted

    @Test
    void countsWhatItTellsOf() {
        news.turnBegins();
        for (int i = 0; i < 100; i++) {
            handle(10);
        }
        news.replied();
        news.turnEnds();
        news.calls();
        HandlingTimes times = new HandlingTimes(now, now);
        news.returned();
        assertThat(counts.handled().running()).isEqualTo(1);

        times.onEnded(now + 500);
        news.answered("late", ErrorCode.BUSY, ErrorCode.BUSY.number(), times);
        news.replied();
        assertThat(counts.handled())
                .isEqualTo(new NodeStats.Handled(
                        0,
                        Map.of(ErrorCode.NONE, 100L, ErrorCode.BUSY, 1L),
                        answered.stream()
                                .mapToLong(NodeObserver.RequestDone::queueNanos)
                                .sum(),
                        1_500));
        assertThat(counts.handled().serviceNanos()).isEqualTo(served());
        assertThat(counts.asked()).containsExactly(Map.entry(ErrorCode.NONE, 2L));
    }

    @Test
    void countsTheSameWhetherOrNotAnybodyObserves() {
        RequestCounts unobservedCounts = new RequestCounts();
        RequestNews unobserved = new RequestNews(context(unobservedCounts, null));
        for (int seed = 0; seed < 200; seed++) {
            runAtRandom(news, new Random(seed));
            runAtRandom(unobserved, new Random(seed));
            assertThat(unobservedCounts.handled()).as("seed %d", seed).isEqualTo(counts.handled());
        }
        NodeStats.Handled handled = counts.handled();
        assertThat(handled.outcomes().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(answered.size());
        assertThat(handled.serviceNanos()).isEqualTo(served());
        assertThat(handled.queueNanos())
                .isEqualTo(answered.stream()
                        .mapToLong(NodeObserver.RequestDone::queueNanos)
                        .sum());
    }

    private void runAtRandom(RequestNews to, Random random) {
        tick = 0;
        now = 10;
        List<HandlingTimes> running = new ArrayList<>();
        to.turnBegins();
        for (int i = 0; i < 300; i++) {
            if (i % 25 == 0) { // the list of an observer is never full, so that both share the same readings
                to.turnEnds();
                tick = now;
                if (random.nextBoolean()) {
                    to.turnBegins();
                }
            }
            ErrorCode outcome = random.nextInt(8) == 0 ? ErrorCode.BUSY : ErrorCode.NONE;
            to.calls();
            now += random.nextInt(random.nextInt(10) == 0 ? 100_000 : 500);
            if (random.nextInt(3) == 0) {
                running.add(new HandlingTimes(tick, to.calledNanos()));
            } else {
                to.answeredAtOnce("route", outcome, 0);
            }
            to.returned();
            if (!running.isEmpty() && random.nextBoolean()) {
                HandlingTimes times = running.remove(0);
                times.onEnded(now);
                to.answered("late", outcome, 0, times);
            }
        }
        to.turnEnds();
        running.forEach(times -> to.answered("last", ErrorCode.CANCELLED, 0, times));
    }

    // ---- times

    @Test
    void timesEachHandlerForItselfThatIsNotShort() {
        tick = 0;
        now = 5;
        news.turnBegins();
        handle(2_000);
        handle(5_000_000);
        handle(3_000);
        news.turnEnds();
        assertThat(answered).extracting(NodeObserver.RequestDone::queueNanos).containsExactly(5L, 2_005L, 5_002_005L);
        assertThat(answered)
                .extracting(NodeObserver.RequestDone::serviceNanos)
                .containsExactly(2_000L, 5_000_000L, 3_000L);
    }

    @Test
    void letsShortOnesShareTheReadingsOfTheClockAndLosesNoTime() {
        news.turnBegins();
        for (int i = 0; i < 6_400; i++) {
            handle(i % 2 == 0 ? 100 : 300);
        }
        news.turnEnds();
        assertThat(readings).isLessThan(6_400 / 10);
        assertThat(served()).isEqualTo(6_400L * 200);
        assertThat(answered.get(6_000).queueNanos()).isEqualTo(6_000L * 200);
    }

    @Test
    void findsASlowHandlerAmongShortOnes() {
        news.turnBegins();
        for (int i = 0; i < 100; i++) {
            handle(100);
        }
        for (int i = 0; i < 100; i++) {
            handle(i % 10 == 0 ? 50_000 : 500);
        }
        news.turnEnds();
        List<Long> services =
                answered.stream().map(NodeObserver.RequestDone::serviceNanos).toList();
        assertThat(services.subList(190, 200))
                .as("once the mean is long, each is timed for itself")
                .containsExactly(50_000L, 500L, 500L, 500L, 500L, 500L, 500L, 500L, 500L, 500L);
        assertThat(services.subList(0, 64)).as("before").containsOnly(100L);
        assertThat(served()).isBetween(554_900L, 555_000L);
    }

    @Test
    void timesAHandlerThatIsStillCalledWhenItTells() {
        news.turnBegins();
        handle(10);
        news.calls();
        now += 100;
        news.turnEnds(); // the session's end
        now += 20;
        news.answeredAtOnce("late", ErrorCode.CANCELLED, 0);
        news.returned();
        assertThat(answered).extracting(NodeObserver.RequestDone::serviceNanos).containsExactly(10L, 20L);
    }

    @Test
    void timesAHandlerThatEndsLaterFromItsCallOn() {
        tick = 100;
        now = 200;
        news.turnBegins();
        handle(400);
        handle(400);
        handle(400);
        news.calls();
        HandlingTimes times = new HandlingTimes(tick, news.calledNanos());
        news.returned();
        news.turnEnds();
        now += 1_000_000;
        news.answered("late", ErrorCode.NONE, 0, times);
        assertThat(answered.get(3).queueNanos()).isEqualTo(1_300);
        assertThat(answered.get(3).serviceNanos()).isEqualTo(1_000_000);
    }

    @Test
    void takesTheTimesOfTheThreadThatDoesTheWork() {
        HandlingTimes times = new HandlingTimes(100, 200);
        times.onEntered(5_000);
        times.onEnded(7_000);
        now = 100_000;
        news.answered("worked", ErrorCode.NONE, 0, times);
        assertThat(answered).containsExactly(new NodeObserver.RequestDone("worked", ErrorCode.NONE, 4_900, 2_000));
    }
}
