package io.weir.test.rogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.core.wire.Hello;
import io.weir.core.wire.SessionFrame;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerAdmission;
import io.weir.reactive.PeerAdmission.Candidate;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.node.EventLog;
import io.weir.reactive.node.Heap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Who may have a session, and what those hear who may not. */
class AdmissionTest {

    private static final Duration LINGER = Duration.ofMillis(500);

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("an allow-list", PeerAdmission.allowList(TcpVictim.FRIENDS)::admit),
                refusal("a predicate", PeerAdmission.matching(c -> false)::admit),
                refusal("false", c -> Mono.just(false)),
                refusal("empty", c -> Mono.empty()),
                refusal("an error", c -> Mono.error(new IllegalStateException("the directory is down"))),
                refusal("a predicate that throws", PeerAdmission.matching(c -> {
                    throw new IllegalStateException("a defect");
                })::admit),
                refusal("a call that throws", c -> {
                    throw new IllegalStateException("a defect");
                }));
    }

    private static Arguments refusal(String what, Function<Candidate, Mono<Boolean>> verdict) {
        return Arguments.of(what, verdict);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void refusesAPeerThatIsNotAdmitted(String what, Function<Candidate, Mono<Boolean>> verdict) {
        try (Victim victim = Victim.start(spec -> spec.admission(forStrangers(verdict)))) {
            PeerNode stranger = victim.other(Identity.generate());
            EventLog log = new EventLog(stranger, Duration.ofSeconds(1));
            Throwable failure = failure(victim, stranger);
            assertThat(failure).isInstanceOfSatisfying(ConnectException.class, e -> {
                assertThat(e.reason()).isEqualTo(CloseReason.remote(ErrorCode.NOT_ADMITTED));
                assertThat(e.reason().retryable()).isFalse();
            });
            assertThat(log.setupFailed()).isEqualTo(CloseReason.remote(ErrorCode.NOT_ADMITTED));
            assertThat(victim.log.refused(ErrorCode.NOT_ADMITTED)).isEqualTo(CloseReason.local(ErrorCode.NOT_ADMITTED));
            assertThat(victim.log.soFar(PeerEvent.ConnectionReady.class))
                    .noneMatch(e -> e.peer().equals(stranger.id()));
        }
    }

    @Test
    void saysNothingToAPeerThatIsNotAdmittedButEnd() {
        PeerAdmission admission = PeerAdmission.allowList(TcpVictim.FRIENDS);
        try (Victim victim = Victim.start(spec -> spec.admission(admission));
                RoguePeer rogue = victim.rogue().handshake()) {
            rogue.send(Hello.defaults(), new SessionFrame.Ping(1));
            assertThat(rogue.next()).isEqualTo(new SessionFrame.End(ErrorCode.NOT_ADMITTED.number()));
            victim.advance(LINGER);
            assertThat(rogue.next()).isNull();
        }
    }

    @Test
    void givesUpOnAnAdmissionThatTakesTooLong() {
        NodeLimits limits = NodeLimits.defaults().withHandshakeTimeout(Duration.ofSeconds(2));
        AtomicBoolean cancelled = new AtomicBoolean();
        PeerAdmission admission = forStrangers(c -> Mono.<Boolean>never().doOnCancel(() -> cancelled.set(true)));
        try (Victim victim = Victim.start(spec -> spec.limits(limits).admission(admission))) {
            List<Throwable> failures = new ArrayList<>();
            PeerNode stranger = victim.other(Identity.generate());
            stranger.connect(PeerAddress.memory(Victim.FOR_ROGUES)).subscribe(s -> {}, failures::add);
            victim.advance(Duration.ofMillis(1_990));
            assertThat(failures).isEmpty();
            victim.advance(Duration.ofMillis(20));
            assertThat(failures)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            ConnectException.class,
                            e -> assertThat(e.reason()).isEqualTo(CloseReason.remote(ErrorCode.HANDSHAKE_TIMEOUT)));
            assertThat(victim.log.refused(ErrorCode.HANDSHAKE_TIMEOUT)).isNotNull();
            assertThat(cancelled).isTrue();
        }
    }

    @Test
    void waitsForAnAdmissionThatTakesItsTime() {
        Sinks.One<Boolean> verdict = Sinks.one();
        List<Candidate> asked = new ArrayList<>();
        PeerAdmission admission = forStrangers(c -> {
            asked.add(c);
            return verdict.asMono();
        });
        try (Victim victim = Victim.start(spec -> spec.admission(admission))) {
            List<PeerSession> sessions = new ArrayList<>();
            PeerNode stranger = victim.other(Identity.generate());
            stranger.connect(PeerAddress.memory(Victim.FOR_ROGUES)).subscribe(sessions::add);
            victim.advance(Duration.ofSeconds(4));
            assertThat(sessions).isEmpty();
            verdict.tryEmitValue(true);
            victim.settle();
            assertThat(sessions).hasSize(1);
            assertThat(asked).singleElement().satisfies(c -> {
                assertThat(c.peer()).isEqualTo(stranger.id());
                assertThat(c.remoteAddress().toString()).contains("other-");
            });
        }
    }

    @Test
    void answersNothingBeforeItsHello() {
        Sinks.One<Boolean> verdict = Sinks.one();
        try (Victim victim = Victim.start(spec -> spec.admission(forStrangers(c -> verdict.asMono())));
                RoguePeer rogue = victim.rogue().handshake()) {
            rogue.send(Hello.defaults(), new SessionFrame.Ping(5));
            verdict.tryEmitValue(true);
            assertThat(rogue.next()).isInstanceOf(Hello.class);
            assertThat(rogue.await(SessionFrame.Pong.class).token()).isEqualTo(5);
        }
    }

    @Test
    void refusesAPeerThatOpensStreamsBeforeItIsAdmitted() {
        try (Victim victim = Victim.start(spec -> spec.admission(forStrangers(c -> Mono.never())));
                RoguePeer rogue = victim.rogue().handshake()) {
            rogue.send(Hello.defaults(), RogueFrames.open(3, "echo"));
            assertThat(rogue.awaitEnd()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            victim.advance(LINGER);
            assertThat(victim.log.refused(ErrorCode.PROTOCOL_VIOLATION)).isNotNull();
        }
    }

    @Test
    void stopsAskingWhenThePeerHasLeft() {
        AtomicBoolean cancelled = new AtomicBoolean();
        PeerAdmission admission = forStrangers(c -> Mono.<Boolean>never().doOnCancel(() -> cancelled.set(true)));
        try (Victim victim = Victim.start(spec -> spec.admission(admission));
                RoguePeer rogue = victim.rogue().handshake()) {
            rogue.fin();
            assertThat(victim.log.refused(ErrorCode.LINK_LOST)).isNotNull();
            assertThat(cancelled).isTrue();
        }
    }

    @Test
    void takesAVerdictFromAnotherThread() {
        PeerAdmission admission =
                c -> Mono.delay(Duration.ofMillis(20)).thenReturn(TcpVictim.FRIENDS.contains(c.peer()));
        try (TcpVictim victim = TcpVictim.start(spec -> spec.admission(admission));
                RoguePeer rogue = RoguePeer.dial(victim.address()).handshake()) {
            rogue.send(Hello.defaults());
            assertThat(rogue.awaitEnd()).isEqualTo(ErrorCode.NOT_ADMITTED);
            rogue.fin();
            victim.log.refused(ErrorCode.NOT_ADMITTED);
        }
    }

    // ---- how many

    @Test
    void refusesSessionsAboveTheLimitUntilOneHasEnded() {
        NodeLimits limits = NodeLimits.defaults().withMaxSessions(2);
        try (Victim victim = Victim.start(spec -> spec.limits(limits))) {
            PeerNode first = victim.other(Identity.generate());
            PeerNode second = victim.other(Identity.generate());
            PeerSession held = victim.connected(first, Victim.FOR_ROGUES);
            assertThat(failure(victim, second)).isInstanceOfSatisfying(ConnectException.class, e -> {
                assertThat(e.reason()).isEqualTo(CloseReason.remote(ErrorCode.TOO_MANY_SESSIONS));
                assertThat(e.reason().retryable()).isTrue();
            });
            assertThat(victim.log.refused(ErrorCode.TOO_MANY_SESSIONS)).isNotNull();
            held.dispose();
            victim.settle();
            victim.connected(second, Victim.FOR_ROGUES).dispose();
            victim.settle();
        }
    }

    @Test
    void keepsToTheLimitOfSessionsWhileAdmissionsAreSlow() {
        NodeLimits limits = NodeLimits.defaults().withMaxSessions(2);
        Sinks.One<Boolean> verdict = Sinks.one();
        try (Victim victim = Victim.start(spec -> spec.limits(limits).admission(forStrangers(c -> verdict.asMono())))) {
            List<PeerSession> sessions = new ArrayList<>();
            List<Throwable> failures = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                victim.other(Identity.generate())
                        .connect(PeerAddress.memory(Victim.FOR_ROGUES))
                        .subscribe(sessions::add, failures::add);
            }
            victim.settle();
            verdict.tryEmitValue(true);
            victim.settle();
            assertThat(sessions).hasSize(1);
            assertThat(failures)
                    .hasSize(3)
                    .allSatisfy(e -> assertThat(((ConnectException) e).reason())
                            .isEqualTo(CloseReason.remote(ErrorCode.TOO_MANY_SESSIONS)));
            sessions.get(0).dispose();
            victim.settle();
        }
    }

    @Test
    void keepsToTheLimitOfSessionsWhilePeersWithholdTheirHello() {
        NodeLimits limits = NodeLimits.defaults().withMaxSessions(2);
        try (Victim victim = Victim.start(spec -> spec.limits(limits));
                RoguePeer first = victim.rogue().handshake();
                RoguePeer second = victim.rogue().handshake()) {
            first.send(Hello.defaults());
            second.send(Hello.defaults());
            victim.settle();
            assertThat(victim.log.soFar(PeerEvent.ConnectionReady.class)).hasSize(2);
            assertThat(second.awaitEnd()).isEqualTo(ErrorCode.TOO_MANY_SESSIONS);
            victim.advance(LINGER);
            assertThat(victim.log.refused(ErrorCode.TOO_MANY_SESSIONS)).isNotNull();
            first.fin();
        }
    }

    @Test
    void spendsNextToNothingOnPeersBeforeTheyAreAdmitted() {
        int count = 300;
        long mebibyte = 1024 * 1024;
        NodeLimits limits =
                NodeLimits.defaults().withSessionBudgetBytes(2 * mebibyte).withNodeBudgetBytes(4 * mebibyte);
        PeerAdmission admission = forStrangers(c -> Mono.never());
        List<RoguePeer> rogues = new ArrayList<>();
        try (Victim victim = Victim.start(spec -> spec.limits(limits).admission(admission))) {
            victim.rogue().handshake().close();
            long before = Heap.used();
            for (int i = 0; i < count; i++) {
                RoguePeer rogue = victim.rogue().handshake();
                rogue.send(Hello.defaults(), new SessionFrame.Ping(i));
                rogues.add(rogue);
            }
            assertThat(Heap.used() - before)
                    .as("heap of %d peers, both ends", rogues.size())
                    .isLessThan(count * 64L * 1024);
            victim.assertAcceptsSessions(); // which takes memory for streams
            rogues.forEach(RoguePeer::close);
        }
    }

    // ---- how

    private static Throwable failure(Victim victim, PeerNode stranger) {
        List<Throwable> failures = new ArrayList<>();
        stranger.connect(PeerAddress.memory(Victim.FOR_ROGUES)).subscribe(s -> {}, failures::add);
        victim.settle();
        assertThat(failures).hasSize(1);
        return failures.get(0);
    }

    private static PeerAdmission forStrangers(Function<Candidate, Mono<Boolean>> verdict) {
        return candidate -> TcpVictim.FRIENDS.contains(candidate.peer()) ? Mono.just(true) : verdict.apply(candidate);
    }
}
