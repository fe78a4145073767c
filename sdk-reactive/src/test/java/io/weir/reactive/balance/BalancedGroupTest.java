package io.weir.reactive.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.weir.core.balance.AttemptBudget;
import io.weir.core.balance.OutlierPolicy;
import io.weir.core.balance.PeerSelector;
import io.weir.core.error.ApplicationException;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.GoingAwayException;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.StreamReset;
import io.weir.core.error.WeirException;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.Balancing;
import io.weir.reactive.PeerGroup;
import io.weir.reactive.SessionState;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.balance.GroupKit.Call;
import io.weir.reactive.balance.GroupKit.Server;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.operator.PeerRetry;
import io.weir.reactive.operator.Reconnect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;

/** Whom a group's calls go to, what is counted, what is tried again, and who is left out. */
class BalancedGroupTest {

    private static final Codec<String> TEXT = Codec.utf8();
    private static final Duration NOTHING = Duration.ZERO;
    private static final OutlierPolicy OUTLIERS =
            new OutlierPolicy(3, Duration.ofSeconds(4), Duration.ofSeconds(60), 50);
    private static final Balancing ROUND =
            Balancing.defaults().withSelector(PeerSelector.roundRobin()).withOutliers(OUTLIERS);

    private final GroupKit kit = new GroupKit(ROUND);

    // ---- who is chosen

    @Test
    void callsGoToThoseWithASessionThatTakesThem() {
        kit.servers(4);
        kit.server(0).tell(kit.server(0).peer.lost());
        kit.server(1).session.become(SessionState.DRAINING);
        kit.server(2).session.becomeSilently(SessionState.CLOSED);

        for (int i = 0; i < 8; i++) {
            kit.call();
        }

        assertThat(kit.servers).extracting(server -> server.asked).containsExactly(0, 0, 0, 8);
    }

    @Test
    void aPeerThatComesBackGetsItsShare() {
        kit.servers(2);
        kit.server(0).tell(kit.server(0).peer.lost());
        kit.call();
        kit.server(0).come();

        kit.call();
        kit.call();

        assertThat(kit.servers).extracting(server -> server.asked).containsExactly(1, 2);
    }

    @Test
    void onePeerThatIsWantedTwiceIsOneMember() {
        kit.servers(1);
        Server server = kit.server(0);
        server.tell(new FakePeer(FakePeer.id(0)).ready(server.session));

        assertThat(kit.group.members()).hasSize(1);
        server.tell(server.peer.removed(ErrorCode.CANCELLED));
        assertThat(kit.group.members()).hasSize(1);
        assertThat(kit.call().isOver()).isFalse();
        assertThat(server.open()).isEqualTo(1);
    }

    @Test
    void holdsNothingOfPeersThatAreRemoved() {
        kit.servers(3);

        kit.servers.forEach(server -> server.tell(server.peer.removed(ErrorCode.CANCELLED)));

        assertThat(kit.group.members()).isEmpty();
    }

    @Test
    void aKeysCallsGoToOnePeerUntilThatGoesAndThenToOneOther() {
        kit.servers(5);
        Server home = homeOf("user 7");
        assertThat(homeOf("user 7")).isSameAs(home);

        home.session.become(SessionState.DRAINING);
        kit.advance(NOTHING);
        Server next = homeOf("user 7");
        assertThat(next).isNotSameAs(home);
        assertThat(homeOf("user 7")).isSameAs(next);

        home.come();
        assertThat(homeOf("user 7")).isSameAs(home);
        assertThatNullPointerException().isThrownBy(() -> kit.group.keyed(null));
        assertThatIllegalArgumentException().isThrownBy(() -> kit.group.keyed("key", 0.5));
    }

    @Test
    void aPopularKeyIsPassedOnWhereTheLoadIsBounded() {
        kit.servers(2);

        kit.call(kit.group.keyed("popular", 1.0));
        kit.call(kit.group.keyed("popular", 1.0));

        assertThat(kit.servers).extracting(Server::open).containsExactly(1, 1);
    }

    private Server homeOf(String key) {
        Call call = kit.call(kit.group.keyed(key));
        Server home = kit.asked();
        home.answer("yes");
        assertThat(call.value).isEqualTo("yes");
        return home;
    }

    // ---- waiting

    @Test
    void callsWaitForTheFirstPeer() {
        Call call = kit.call();
        kit.advance(Duration.ofSeconds(9));

        kit.servers(1);
        kit.server(0).answer("late");

        assertThat(call.value).isEqualTo("late");
    }

    @Test
    void callsFailWhenNobodyComesInTime() {
        Call call = kit.call();

        kit.advance(GroupKit.WAIT);

        assertThat(call.error)
                .isInstanceOf(ConnectException.class)
                .hasMessageStartingWith(
                        "connect failed (no peer within PT10S: none of the group's 0 that are known has a"
                                + " session that takes new calls): local SESSION 0x31 NOT_CONNECTED");
        assertThat(code(kit.call(kit.group.failFast()))).isEqualTo(ErrorCode.NOT_CONNECTED);
    }

    @Test
    void noMoreThanSoManyCallsWait() {
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < GroupKit.MAX_WAITING; i++) {
            calls.add(kit.call());
        }
        assertThat(code(kit.call())).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);

        calls.get(0).cancel();

        assertThat(kit.call().isOver()).isFalse();
    }

    @Test
    void nobodyWaitsForAPeerOfAGroupThatIsOver() {
        Call waiting = kit.call();

        kit.group.dispose();
        kit.advance(NOTHING);

        assertThat(code(waiting)).isEqualTo(ErrorCode.CANCELLED);
        assertThat(code(kit.call())).isEqualTo(ErrorCode.CANCELLED);
        assertThat(kit.group.isDisposed()).isTrue();
    }

    @Test
    void theGroupIsOverWithItsNode() {
        kit.servers(2);

        kit.server(0).tell(kit.server(0).peer.removed(ErrorCode.NODE_CLOSED));

        assertThat(code(kit.call())).isEqualTo(ErrorCode.NODE_CLOSED);
        assertThat(kit.group.isDisposed()).isTrue();
    }

    @Test
    void whoWasToldLastStaysWhenTheSourceEnds() {
        kit.servers(1);

        kit.changes.tryEmitComplete().orThrow();
        kit.advance(NOTHING);

        assertThat(kit.call().isOver()).isFalse();
    }

    // ---- counting

    @Test
    void countsWhatIsNotOverHoweverItEnds() {
        kit.servers(1);
        Server server = kit.server(0);
        Call answered = kit.call();
        kit.call();
        Call cancelled = kit.call();
        assertThat(member().requests()).isEqualTo(3);

        cancelled.cancel();
        assertThat(member().requests()).isEqualTo(2);
        server.answer("yes");
        assertThat(answered.value).isEqualTo("yes");
        assertThat(member().requests()).isEqualTo(1);
        server.fail(missing(ErrorCode.LINK_LOST));
        assertThat(member().requests()).isZero();
    }

    @Test
    void whoHearsAnAnswerIsNotCountedAnyMore() {
        kit.servers(1);
        List<Integer> seen = new ArrayList<>();
        kit.group.request("route", "value", TEXT, TEXT).subscribe(value -> seen.add(member().requests()));

        kit.server(0).answer("yes");

        assertThat(seen).containsExactly(0);
    }

    @Test
    void streamsAreCountedApart() {
        kit.servers(1);
        Disposable stream = kit.group.subscribe("quotes", TEXT).subscribe();
        kit.call();
        assertThat(member()).isEqualTo(new PeerGroup.Member(FakePeer.id(0), 1, 1, true, false));

        stream.dispose();

        assertThat(member().streams()).isZero();
    }

    @Test
    void whatIsMadeOfASessionCountsAsAStream() {
        kit.servers(1);
        Disposable use = kit.group.onSession(session -> Flux.never()).subscribe();
        assertThat(member().streams()).isEqualTo(1);
        use.dispose();
        assertThat(member().streams()).isZero();

        List<Throwable> errors = new ArrayList<>();
        kit.group
                .onSession(session -> {
                    throw new IllegalStateException("mine");
                })
                .subscribe(value -> {}, errors::add);
        assertThat(errors).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(member().streams()).isZero();
        assertThat(kit.group.session().block(NOTHING)).isSameAs(kit.server(0).session);
    }

    private PeerGroup.Member member() {
        return kit.group.members().get(0);
    }

    // ---- trying again

    @ParameterizedTest
    @EnumSource(names = {"GOING_AWAY", "BUSY", "TOO_MANY_REQUESTS"})
    void whatAPeerRefusesIsMadeAtAnother(ErrorCode code) {
        kit.servers(2);
        kit.server(0).always = missing(code);

        Call one = kit.call();
        Call other = kit.call();

        assertThat(kit.server(0).asked).isPositive();
        assertThat(kit.server(1).open()).isEqualTo(2);
        assertThat(one.isOver() || other.isOver()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"REQUEST_TIMEOUT", "LINK_LOST", "APPLICATION_ERROR", "INTERNAL"})
    void whatMayHaveBegunIsMadeOnce(ErrorCode code) {
        kit.servers(2);
        kit.server(0).always = missing(code);
        kit.server(1).always = missing(code);

        assertThat(code(kit.call())).isEqualTo(code);

        assertThat(kit.servers.stream().mapToInt(server -> server.asked).sum()).isEqualTo(1);
    }

    @Test
    void aCallAsksThreePeersAtTheMost() {
        kit.servers(5);
        kit.servers.forEach(server -> server.always = missing(ErrorCode.GOING_AWAY));

        assertThat(code(kit.call())).isEqualTo(ErrorCode.GOING_AWAY);

        assertThat(kit.servers.stream().mapToInt(server -> server.asked).sum()).isEqualTo(3);
        assertThat(kit.servers).allMatch(server -> server.asked <= 1);
    }

    @Test
    void busyPeersDoNotGetMoreThanTheBudgetOnTopOfTheLoad() {
        GroupKit busy = new GroupKit(
                        ROUND.withOutliers(OutlierPolicy.never()).withExtraAttempts(new AttemptBudget(10, 5)))
                .servers(3);
        busy.servers.forEach(server -> server.always = missing(ErrorCode.BUSY));

        for (int i = 0; i < 1_000; i++) {
            assertThat(code(busy.call())).isEqualTo(ErrorCode.BUSY);
        }

        assertThat(busy.servers.stream().mapToInt(server -> server.asked).sum()).isBetween(1_100, 1_105);
    }

    @Test
    void aStreamIsOpenedElsewhereOnlyBeforeItsFirstElement() {
        kit.servers(2);
        kit.servers.forEach(server -> server.always = reset(ErrorCode.GOING_AWAY));
        kit.server(1).always = null;
        List<String> elements = new ArrayList<>();
        List<Throwable> errors = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            kit.group.subscribe("quotes", TEXT).subscribe(elements::add, errors::add);
        }
        assertThat(kit.server(0).asked).isPositive();
        assertThat(kit.server(1).streams).hasSize(2);

        kit.server(1).streams.get(0).tryEmitNext("one").orThrow();
        kit.server(1).streams.get(0).tryEmitError(reset(ErrorCode.GOING_AWAY)).orThrow();

        assertThat(elements).containsExactly("one");
        assertThat(errors).singleElement().isInstanceOf(StreamReset.class);
    }

    @Test
    void anExchangeIsOpenedElsewhereOnlyBeforeItsValuesAreAskedFor() {
        kit.servers(2);
        kit.servers.forEach(server -> server.always = reset(ErrorCode.GOING_AWAY));
        List<Throwable> errors = new ArrayList<>();

        kit.group.exchange("early", Flux.just("value"), TEXT, TEXT).subscribe(e -> {}, errors::add);
        assertThat(kit.servers).extracting(server -> server.asked).containsExactly(1, 1);
        kit.group.exchange("late", Flux.just("value"), TEXT, TEXT).subscribe(e -> {}, errors::add);

        assertThat(kit.servers.stream().mapToInt(server -> server.asked).sum()).isEqualTo(3);
        assertThat(errors).hasSize(2);
    }

    // ---- leaving out

    @Test
    void aPeerThatFailsIsLeftOutForATimeAndThenTriedAgain() {
        kit.servers(2);
        Server bad = kit.server(0);
        bad.always = missing(ErrorCode.REQUEST_TIMEOUT);
        for (int i = 0; i < 20; i++) {
            kit.call();
        }
        assertThat(bad.asked).isEqualTo(3);
        assertThat(member().leftOut()).isTrue();

        kit.advance(Duration.ofSeconds(4));
        assertThat(member().leftOut()).isFalse();
        for (int i = 0; i < 10; i++) {
            kit.call();
        }
        assertThat(bad.asked).isEqualTo(4);

        bad.always = null;
        kit.advance(Duration.ofSeconds(8));
        kit.call();
        kit.call();
        assertThat(bad.open()).isEqualTo(1);
        bad.answer("well again");
        assertThat(member().leftOut()).isFalse();
    }

    @Test
    void theLastPeerIsNeverLeftOut() {
        kit.servers(1);
        kit.server(0).always = missing(ErrorCode.REQUEST_TIMEOUT);

        for (int i = 0; i < 20; i++) {
            assertThat(code(kit.call())).isEqualTo(ErrorCode.REQUEST_TIMEOUT);
        }
    }

    @Test
    void whatWasBegunBeforeItWasLeftOutIsNoEvidenceAgainstItAfterwards() {
        kit.servers(2);
        Server bad = kit.server(0);
        for (int i = 0; i < 8; i++) {
            kit.call();
        }
        for (int i = 0; i < 3; i++) {
            bad.fail(missing(ErrorCode.REQUEST_TIMEOUT));
        }
        assertThat(member().leftOut()).isTrue();
        kit.advance(Duration.ofSeconds(4));
        assertThat(member().leftOut()).isFalse();

        bad.fail(missing(ErrorCode.REQUEST_TIMEOUT));

        assertThat(member().leftOut()).isFalse();
    }

    @Test
    void whatIsNotThePeersFaultDoesNotCount() {
        kit.servers(2);
        for (Throwable harmless : List.of(
                missing(ErrorCode.LINK_LOST),
                missing(ErrorCode.CANCELLED),
                new ApplicationException(404, "no such quote"),
                new IllegalStateException("mine"))) {
            kit.servers.forEach(server -> server.always = harmless);
            for (int i = 0; i < 20; i++) {
                kit.call();
            }
            assertThat(kit.group.members()).noneMatch(PeerGroup.Member::leftOut);
        }
    }

    @Test
    void aRuleThatThrowsKeepsNobodyWaiting() {
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            GroupKit odd = new GroupKit(ROUND.withFailures(e -> {
                        throw new IllegalStateException("mine");
                    }))
                    .servers(1);
            odd.server(0).always = missing(ErrorCode.REQUEST_TIMEOUT);

            assertThat(code(odd.call())).isEqualTo(ErrorCode.REQUEST_TIMEOUT);

            assertThat(dropped).singleElement().isInstanceOf(IllegalStateException.class);
        } finally {
            Hooks.resetOnErrorDropped();
        }
    }

    @Test
    void anAnswerOfTheApplicationEndsARowOfFailures() {
        kit.servers(2);
        Server server = kit.server(0);
        for (int i = 0; i < 6; i++) {
            for (Throwable outcome :
                    List.of(missing(ErrorCode.REQUEST_TIMEOUT), new ApplicationException(404, "no such quote"))) {
                server.always = outcome;
                kit.call();
                kit.call();
            }
        }

        assertThat(server.asked).isEqualTo(12);
        assertThat(member().leftOut()).isFalse();
    }

    // ---- age

    @Test
    void streamsGoAwayAtTheirAgeAndNotAllAtOnce() {
        GroupKit aged = new GroupKit(ROUND.withMaxStreamAge(Duration.ofMinutes(4))).servers(1);
        List<Throwable> errors = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            aged.group.subscribe("quotes", TEXT).subscribe(e -> {}, errors::add);
        }

        aged.advance(Duration.ofMinutes(3));
        assertThat(errors).isEmpty();
        aged.advance(Duration.ofSeconds(30));
        assertThat(errors.size()).isBetween(30, 70);
        aged.advance(Duration.ofSeconds(31));

        assertThat(errors).hasSize(100).allMatch(GoingAwayException.class::isInstance);
        assertThat(aged.server(0).streams).isEmpty();
        assertThat(aged.group.members().get(0).streams()).isZero();
    }

    @Test
    void aStreamThatIsOpenedAgainMovesToAPeerThatIsChosenAnewAndSaysSo() {
        GroupKit aged = new GroupKit(ROUND.withMaxStreamAge(Duration.ofMinutes(4))).servers(2);
        List<Reconnect.Signal<String>> signals = new ArrayList<>();
        Disposable stream = Reconnect.<String>stream(
                        aged.group,
                        (session, resume) ->
                                session.subscribe(StreamOpen.named("quotes"), StreamConfig.reliable(), TEXT),
                        PeerRetry.of(ConnectionPolicy.defaults()).on(aged.time))
                .subscribe(signals::add);
        Server first = aged.servers.stream()
                .filter(server -> server.streams.size() == 1)
                .findFirst()
                .orElseThrow();
        first.streams.get(0).tryEmitNext("one").orThrow();

        aged.advance(Duration.ofMinutes(4));

        assertThat(first.streams).isEmpty();
        assertThat(aged.server(1 - first.number).streams).hasSize(1);
        assertThat(signals)
                .containsExactly(
                        new Reconnect.Signal.Opened<>(1, 1),
                        new Reconnect.Signal.Element<>("one"),
                        new Reconnect.Signal.Lost<>(1, CloseReason.local(ErrorCode.GOING_AWAY)),
                        new Reconnect.Signal.Opened<>(2, 1));
        stream.dispose();
        assertThat(aged.group.members()).allMatch(member -> member.streams() == 0);
    }

    @Test
    void aStreamThatIsOpenedAgainWaitsAsLongAsNobodyIsThere() {
        kit.servers(1);
        List<Object> signals = new ArrayList<>();
        Disposable stream = Reconnect.<String>stream(
                        kit.group,
                        (session, resume) ->
                                session.subscribe(StreamOpen.named("quotes"), StreamConfig.reliable(), TEXT),
                        PeerRetry.of(ConnectionPolicy.defaults()).on(kit.time))
                .subscribe(signals::add, signals::add);
        kit.server(0).tell(kit.server(0).peer.lost());
        kit.server(0)
                .streams
                .remove(0)
                .tryEmitError(new SessionClosedException(CloseReason.local(ErrorCode.LINK_LOST)));
        kit.advance(Duration.ofMinutes(10));
        assertThat(signals).hasSize(2);

        kit.server(0).come();
        kit.advance(Duration.ofMinutes(1));

        assertThat(signals).hasSize(3).last().isEqualTo(new Reconnect.Signal.Opened<>(2, 1));
        stream.dispose();
    }

    static ReplyMissingException missing(ErrorCode code) {
        return new ReplyMissingException(CloseReason.local(code));
    }

    private static StreamReset reset(ErrorCode code) {
        return new StreamReset(CloseReason.remote(code));
    }

    static @Nullable ErrorCode code(Call call) {
        return Objects.requireNonNull((WeirException) call.error, "no error")
                .reason()
                .error();
    }
}
