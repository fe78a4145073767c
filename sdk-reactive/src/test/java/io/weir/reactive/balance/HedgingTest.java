package io.weir.reactive.balance;

import static io.weir.reactive.balance.BalancedGroupTest.code;
import static io.weir.reactive.balance.BalancedGroupTest.missing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.core.balance.AttemptBudget;
import io.weir.core.balance.PeerSelector;
import io.weir.core.error.ErrorCode;
import io.weir.reactive.BalancedCalls;
import io.weir.reactive.Balancing;
import io.weir.reactive.Hedging;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.balance.GroupKit.Call;
import io.weir.reactive.balance.GroupKit.Server;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are made at a second peer when the first is slow. */
class HedgingTest {

    private static final Duration DELAY = Duration.ofMillis(50);
    private static final Balancing ROUND = Balancing.defaults().withSelector(PeerSelector.roundRobin());

    private final GroupKit kit = new GroupKit(ROUND).servers(2);
    private final BalancedCalls hedged = kit.group.hedged(Hedging.after(DELAY));

    @Test
    void aFastAnswerIsNotHedged() {
        Call call = kit.call(hedged);
        kit.advance(DELAY.minusNanos(1));

        kit.asked().answer("fast");
        kit.advance(Duration.ofMinutes(1));

        assertThat(call.value).isEqualTo("fast");
        assertThat(kit.servers.stream().mapToInt(server -> server.asked).sum()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theFirstAnswerIsTakenAndTheOtherRequestCancelled(boolean first) {
        Call call = kit.call(hedged);
        Server slow = kit.asked();
        Server other = kit.server(1 - slow.number);
        kit.advance(DELAY);
        assertThat(other.open()).isEqualTo(1);

        Server winner = first ? slow : other;
        Server loser = first ? other : slow;
        winner.answer("first");

        assertThat(call.value).isEqualTo("first");
        assertThat(loser.cancelled).isEqualTo(1);
        assertThat(kit.open()).isZero();
        assertThat(kit.group.members()).allMatch(member -> member.requests() == 0);
    }

    @Test
    void cancellingCancelsBoth() {
        Call call = kit.call(hedged);
        kit.advance(DELAY);

        call.cancel();

        assertThat(kit.servers).allMatch(server -> server.cancelled == 1);
        assertThat(kit.group.members()).allMatch(member -> member.requests() == 0);
    }

    @Test
    void aFailureBeforeTheHedgeIsTheRequests() {
        Call call = kit.call(hedged);

        kit.asked().fail(missing(ErrorCode.APPLICATION_ERROR));
        kit.advance(DELAY);

        assertThat(code(call)).isEqualTo(ErrorCode.APPLICATION_ERROR);
        assertThat(kit.open()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theFailureOfOneIsNotHeardWhileTheOtherRuns(int failing) {
        Call call = kit.call(hedged);
        kit.advance(DELAY);
        kit.server(failing).fail(missing(ErrorCode.APPLICATION_ERROR));
        assertThat(call.isOver()).isFalse();

        kit.server(1 - failing).answer("yes");

        assertThat(call.value).isEqualTo("yes");
    }

    @Test
    void theLastFailureIsTheRequests() {
        Call call = kit.call(hedged);
        kit.advance(DELAY);

        kit.server(0).fail(missing(ErrorCode.APPLICATION_ERROR));
        kit.server(1).fail(missing(ErrorCode.REQUEST_TIMEOUT));

        assertThat(code(call)).isEqualTo(ErrorCode.REQUEST_TIMEOUT);
    }

    @Test
    void theTwoTogetherMayTakeNoLongerThanOne() {
        kit.call(hedged, RequestOptions.defaults().withTimeout(Duration.ofSeconds(1)));
        Server second = kit.server(1 - kit.asked().number);
        kit.advance(DELAY);
        assertThat(second.options.get(0).timeout()).isEqualTo(Duration.ofMillis(950));

        kit.call(hedged);
        kit.advance(DELAY);
        assertThat(kit.servers)
                .anyMatch(server -> server.options.contains(
                        RequestOptions.defaults().withTimeout(GroupKit.REQUEST_TIMEOUT.minus(DELAY))));
    }

    @Test
    void whereThereIsNoSecondPeerNothingIsMadeTwice() {
        kit.server(1).tell(kit.server(1).peer.lost());
        Call call = kit.call(hedged);
        kit.advance(Duration.ofSeconds(1));
        assertThat(kit.server(0).open()).isEqualTo(1);

        kit.server(0).answer("slow");

        assertThat(call.value).isEqualTo("slow");
    }

    @Test
    void hedgesCannotAddMoreThanTheBudgetToTheLoad() {
        GroupKit slow = new GroupKit(ROUND.withExtraAttempts(new AttemptBudget(5, 5))).servers(4);
        BalancedCalls calls = slow.group.hedged(Hedging.after(DELAY));

        for (int i = 0; i < 1_000; i++) {
            Call call = slow.call(calls);
            slow.advance(DELAY);
            slow.asked().answer("slow");
            assertThat(call.value).isEqualTo("slow");
        }

        assertThat(slow.servers.stream().mapToInt(server -> server.asked).sum()).isBetween(1_050, 1_055);
        assertThat(slow.open()).isZero();
    }

    @Test
    void theDelayIsTheQuantileOfTheAnswersOnceThereAreEnough() {
        GroupKit learning = new GroupKit(ROUND).servers(2);
        BalancedCalls calls = learning.group.hedged(Hedging.atQuantile(0.9));
        AtomicInteger hedges = new AtomicInteger();
        for (int i = 0; i < 2_000; i++) {
            Duration takes = Duration.ofMillis(1 + i * 37 % 100); // evenly 1 to 100 ms
            Call call = learning.call(calls);
            Server first = learning.asked();
            learning.advance(takes);
            hedges.addAndGet(learning.open() - 1);
            first.answer("yes");
            assertThat(call.value).isEqualTo("yes");
            if (i < Hedging.LEAST_SAMPLES) {
                assertThat(hedges).hasValue(0);
            }
        }

        assertThat(hedges.get()).isBetween(100, 250); // a tenth, as far as the budget goes
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hedging.after(Duration.ZERO))
                .withMessage("delay is PT0S; legal: PT0.001S to PT1H");
        assertThatIllegalArgumentException().isThrownBy(() -> Hedging.atQuantile(1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Hedging(null, null));
    }
}
