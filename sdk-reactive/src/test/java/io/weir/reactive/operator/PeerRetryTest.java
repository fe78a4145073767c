package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.GaveUpException;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.error.SessionClosedException;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.node.TrackedTime;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class PeerRetryTest {
    private static final ConnectionPolicy POLICY = ConnectionPolicy.defaults();
    private static final ConnectException REFUSED = new ConnectException(CloseReason.local(ErrorCode.CONNECT_FAILED));
    private static final SessionClosedException LOST =
            new SessionClosedException(CloseReason.local(ErrorCode.LINK_LOST));

    /** The delay that the lowest random number makes. */
    private static final Duration FLOOR = Duration.ofMillis(10);

    private final TrackedTime time = new TrackedTime();
    private final List<Long> subscribedMillis = new ArrayList<>();
    private final List<Object> seen = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        assertThat(time.timers()).as("timers left").isZero();
        time.dispose();
    }

    @Test
    void waitsTwiceAsLongEachTimeUpToTheCap() {
        Disposable retrying = subscribe(failing(REFUSED), retry(POLICY, Math.nextDown(1d)));

        time.advance(Duration.ofSeconds(62));
        assertThat(subscribedMillis).containsExactly(0L, 500L, 1_500L, 3_500L, 7_500L, 15_500L, 31_500L, 61_500L);
        retrying.dispose();
    }

    @Test
    void evenTheLowestRandomNumbersMakeNoHotLoop() {
        Disposable retrying = subscribe(failing(REFUSED), retry(POLICY, 0));

        time.advance(Duration.ofSeconds(1));

        assertThat(subscribedMillis).hasSize(101);
        retrying.dispose();
    }

    @Test
    void cancellingEndsTheDelay() {
        Disposable retrying = subscribe(failing(REFUSED), retry(POLICY, 0.5));
        time.advance(Duration.ofMillis(1));
        retrying.dispose();

        time.advance(Duration.ofMinutes(10));

        assertThat(subscribedMillis).hasSize(1);
    }

    @Test
    void retriesAConnectThatWasForgedAwayAsSeldomAsThePolicyAllows() {
        ConnectException stranger = new ConnectException(CloseReason.local(ErrorCode.IDENTITY_MISMATCH));
        Disposable retrying = subscribe(failing(stranger), retry(POLICY, 0));

        time.advance(Duration.ofSeconds(31));

        // the lowest random number: half of the longest delay
        assertThat(subscribedMillis).containsExactly(0L, 15_000L, 30_000L);
        assertThat(seen).isEmpty();
        retrying.dispose();
    }

    @Test
    void passesOnWhatWasRefusedForGoodOnAConnection() {
        ReplyMissingException refused = new ReplyMissingException(CloseReason.remote(ErrorCode.NO_HANDLER));

        subscribe(failing(refused), retry(POLICY, 0.5));

        assertThat(seen).containsExactly(refused);
    }

    @Test
    void passesOnWhatIsNotRetryable() {
        ConnectException notAdmitted = new ConnectException(CloseReason.remote(ErrorCode.NOT_ADMITTED));

        subscribe(failing(notAdmitted), retry(POLICY, 0.5));

        assertThat(seen).containsExactly(notAdmitted);
        assertThat(subscribedMillis).hasSize(1);
    }

    @Test
    void passesOnWhatIsNotOfWeir() {
        IllegalStateException foreign = new IllegalStateException("boom");

        subscribe(failing(foreign), retry(POLICY, 0.5));

        assertThat(seen).containsExactly(foreign);
    }

    @Test
    void passesOnWhatDoesNotMatch() {
        subscribe(failing(REFUSED), retry(POLICY, 0.5).only(e -> e instanceof SessionClosedException));

        assertThat(seen).containsExactly(REFUSED);
    }

    @Test
    void retriesWhatThePolicyWantsRetried() {
        ConnectException notAdmitted = new ConnectException(CloseReason.remote(ErrorCode.NOT_ADMITTED));
        Disposable retrying =
                subscribe(failing(notAdmitted), retry(POLICY.withRetryable(ErrorCode.NOT_ADMITTED, true), 0.5));

        time.advance(Duration.ofSeconds(1));

        assertThat(subscribedMillis).hasSizeGreaterThan(1);
        retrying.dispose();
    }

    @Test
    void tellsWhenItGivesUp() {
        subscribe(failing(REFUSED), retry(POLICY.withMaxAttempts(3), Math.nextDown(1d)));

        time.advance(Duration.ofSeconds(10));

        assertThat(subscribedMillis).containsExactly(0L, 500L, 1_500L);
        assertThat(seen).singleElement().isInstanceOfSatisfying(GaveUpException.class, gaveUp -> {
            assertThat(gaveUp.attempts()).isEqualTo(3);
            assertThat(gaveUp.elapsed()).isEqualTo(Duration.ofMillis(1_500));
            assertThat(gaveUp.reason()).isEqualTo(REFUSED.reason());
            assertThat(gaveUp).hasCause(REFUSED);
        });
    }

    @Test
    void whatLivedForAMinuteBeginsAnew() {
        List<Duration> lives =
                List.of(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(60), Duration.ofSeconds(9));
        Disposable retrying = subscribe(living(lives), retry(POLICY, Math.nextDown(1d)));

        time.advance(Duration.ofSeconds(74));

        // 0.5, 1 and 2 s; a minute of life, then 0.5 s again; a much shorter life, then 1 s
        assertThat(subscribedMillis).containsExactly(0L, 500L, 1_500L, 3_500L, 64_000L, 74_000L);
        retrying.dispose();
    }

    @Test
    void aDialThatTakesAMinuteToFailIsNoSuccess() {
        Mono<String> slow = Mono.<String>error(REFUSED).delaySubscription(Duration.ofMinutes(2), time);
        AtomicInteger attempts = new AtomicInteger();
        Flux<String> source = Flux.defer(() -> {
            attempts.incrementAndGet();
            return slow;
        });

        subscribe(source, retry(POLICY.withMaxAttempts(2), 0));
        time.advance(Duration.ofMinutes(5));

        assertThat(seen).singleElement().isInstanceOf(GaveUpException.class);
        assertThat(attempts).hasValue(2);
    }

    @Test
    void eachSubscriberHasAttemptsOfItsOwn() {
        Flux<String> source = failing(REFUSED).retryWhen(retry(POLICY.withMaxAttempts(2), 0));

        for (int i = 0; i < 3; i++) {
            source.subscribe(seen::add, seen::add);
            time.advance(FLOOR);
        }

        assertThat(subscribedMillis).hasSize(6);
        assertThat(seen).hasSize(3).hasOnlyElementsOfType(GaveUpException.class);
    }

    @Test
    void connectsWhenThePeerHasCome() {
        MemoryNetwork network = MemoryNetwork.on(time);
        List<PeerNode> nodes = new ArrayList<>();
        Weir.node().transport(network.transport()).start().subscribe(nodes::add);
        time.settle();
        PeerAddress address = PeerAddress.memory("later");
        List<PeerSession> sessions = new ArrayList<>();
        nodes.get(0).connect(address).retryWhen(retry(POLICY, 0.5)).subscribe(sessions::add);
        time.advance(Duration.ofMinutes(10));
        assertThat(sessions).isEmpty();

        Weir.node().transport(network.transport()).listen(address).start().subscribe(nodes::add);
        time.advance(Duration.ofSeconds(31));

        assertThat(sessions).hasSize(1);
        nodes.forEach(PeerNode::dispose);
        time.advance(Duration.ofSeconds(2));
    }

    private PeerRetry retry(ConnectionPolicy policy, double random) {
        return PeerRetry.of(policy).on(time).jitter(() -> random);
    }

    private Flux<String> failing(RuntimeException e) {
        return Flux.defer(() -> {
            subscribedMillis.add(time.now(TimeUnit.MILLISECONDS));
            return Flux.error(e);
        });
    }

    /** Emits at once; then lives so long, the last one for ever. */
    private Flux<String> living(List<Duration> lives) {
        AtomicInteger lived = new AtomicInteger();
        return Flux.defer(() -> {
            subscribedMillis.add(time.now(TimeUnit.MILLISECONDS));
            int life = lived.getAndIncrement();
            return life == lives.size()
                    ? Flux.never()
                    : Flux.just("ready").concatWith(Mono.<String>error(LOST).delaySubscription(lives.get(life), time));
        });
    }

    private Disposable subscribe(Flux<String> source, PeerRetry retry) {
        return source.retryWhen(retry).subscribe(seen::add, seen::add);
    }
}
