package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamReset;
import io.weir.core.error.StreamStopped;
import io.weir.core.error.WeirException;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.HandlerError;
import io.weir.reactive.MessageHandler;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.StreamHandler;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.dispatch.WorkerStats;
import io.weir.reactive.dispatch.Workers;
import io.weir.reactive.session.RequestTest.Heard;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Handlers on workers: what waits for them, whose turn it is, and what becomes of the rest. */
class WorkersTest {

    private static final int WAITING = 8;

    /** Of one session: a quarter. */
    private static final int OWN = WAITING / 4;

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private int room = Integer.MAX_VALUE;

    /** One that works when the test says so. */
    private final Scheduler thread = Schedulers.fromExecutor(task -> {
        if (tasks.size() >= room) {
            throw new RejectedExecutionException("full");
        }
        tasks.add(task);
    });

    private final Workers workers = Workers.on(thread, 1, WAITING);
    private final List<String> done = new ArrayList<>();

    @AfterEach
    void end() {
        thread.dispose();
    }

    private void work(NodePair pair, int times) {
        for (int i = 0; i < times && !tasks.isEmpty(); i++) {
            tasks.remove().run();
            pair.settle();
        }
    }

    private void workAll(NodePair pair) {
        work(pair, Integer.MAX_VALUE);
    }

    private NodePair pair() {
        RequestHandler answering = request -> {
            done.add(request.decode(Codec.utf8()));
            return Mono.just(ByteBuffer.allocate(0));
        };
        MessageHandler taking = message -> Mono.fromRunnable(() -> done.add(message.decode(Codec.utf8())));
        StreamHandler serving = stream -> Mono.fromRunnable(() -> done.add("a stream"));
        return NodePair.of(spec -> spec.onRequest("r", answering.on(workers))
                .onMessage("m", taking.on(workers))
                .onStream("s", serving.on(workers)));
    }

    private static Heard ask(NodePair pair, PeerSession session, String what) {
        Heard heard = new Heard(session.request("r", what, Codec.utf8(), Codec.utf8()));
        pair.settle();
        return heard;
    }

    private static PeerSession another(NodePair pair) {
        return pair.connected(pair.anotherClient());
    }

    /** All that came is accounted for. */
    private void assertStats(int running, int waiting, long ran, long refused) {
        assertThat(workers.stats()).isEqualTo(new WorkerStats(running, waiting, ran, refused));
    }

    @Test
    void aRequestBeyondWhatMayWaitIsBusyAtOnceAndNeverRuns() {
        try (NodePair pair = pair()) {
            List<Heard> accepted = new ArrayList<>();
            for (int i = 0; i <= OWN; i++) { // one of them runs
                accepted.add(ask(pair, pair.session, "" + i));
            }
            Heard refused = ask(pair, pair.session, "too many");
            assertThat(refused.reason()).isEqualTo(CloseReason.remote(ErrorCode.BUSY));
            assertThat(refused.reason().retryable()).isTrue();
            assertStats(1, OWN, 0, 1);
            assertThat(tasks).as("the scheduler has no more than threads").hasSize(1);

            workAll(pair);
            assertThat(done).containsExactly("0", "1", "2");
            assertThat(accepted).allSatisfy(heard -> assertThat(heard.signals).containsExactly("", "complete"));
            assertStats(0, 0, 3, 1);
            Heard again = ask(pair, pair.session, "again");
            workAll(pair);
            assertThat(again.signals).containsExactly("", "complete");
        }
    }

    @Test
    void aStreamBeyondWhatMayWaitIsRefusedAtBothHalves() {
        try (NodePair pair = pair()) {
            for (int i = 0; i <= OWN; i++) {
                ask(pair, pair.session, "" + i);
            }
            PeerStream refused =
                    pair.session.openStream(StreamId.of("one"), StreamOpen.named("s"), StreamConfig.reliable());
            List<Throwable> failures = new ArrayList<>();
            refused.receive(Codec.utf8()).subscribe(null, failures::add);
            refused.send(Mono.just("x").concatWith(Mono.never()), Codec.utf8()).subscribe(null, failures::add);
            pair.settle();
            assertThat(failures)
                    .hasSize(2)
                    .hasAtLeastOneElementOfType(StreamReset.class)
                    .hasAtLeastOneElementOfType(StreamStopped.class)
                    .allSatisfy(e ->
                            assertThat(((WeirException) e).reason()).isEqualTo(CloseReason.remote(ErrorCode.BUSY)));
            workAll(pair);
            assertThat(done).doesNotContain("a stream");
        }
    }

    @Test
    void oneWayMessagesWaitWithTheirCreditAndNoneIsLost() {
        try (NodePair pair = pair()) {
            for (int i = 0; i < 100; i++) {
                pair.session.send("m", "" + i, Codec.utf8()).subscribe();
            }
            pair.settle();
            assertThat(pair.serverSession().messageStats().messagesWaiting()).isEqualTo(100);
            Heard request = ask(pair, pair.session, "request");
            assertThat(request.signals).as("there is room for it").isEmpty();
            workAll(pair);
            assertThat(done)
                    .hasSize(101)
                    .containsSubsequence(
                            IntStream.range(0, 100).mapToObj(String::valueOf).toList());
            assertThat(pair.serverSession().messageStats().messagesWaiting()).isZero();
            assertStats(0, 0, 101, 0);
        }
    }

    @Test
    void aNoisySessionMakesAnotherWaitForOneOfItsCalls() {
        try (NodePair pair = pair()) {
            for (int i = 0; i < 50; i++) {
                pair.session.send("m", "noise", Codec.utf8()).subscribe();
                ask(pair, pair.session, "noise");
            }
            Heard other = ask(pair, another(pair), "other");
            work(pair, 3);
            assertThat(done).containsExactly("noise", "noise", "other");
            assertThat(other.signals).containsExactly("", "complete");
        }
    }

    @Test
    void sessionsThatFillItKeepNoOtherOut() {
        try (NodePair pair = pair()) {
            for (int i = 0; i < WAITING / OWN; i++) {
                PeerSession greedy = another(pair);
                for (int j = 0; j < 2 * WAITING; j++) {
                    ask(pair, greedy, "greedy");
                }
            }
            assertThat(workers.stats().waiting()).isEqualTo(WAITING);
            Heard other = ask(pair, pair.session, "other");
            assertThat(other.signals).isEmpty();
            assertThat(other.failure).isNull();
            workAll(pair);
            assertThat(other.signals).containsExactly("", "complete");
        }
    }

    @Test
    void whatIsGivenUpWhileItWaitsDoesNotRun() {
        try (NodePair pair = pair()) {
            ask(pair, pair.session, "first");
            Heard givenUp = ask(pair, pair.session, "given up");
            givenUp.cancel();
            pair.settle();
            workAll(pair);
            assertThat(done).containsExactly("first");
            assertStats(0, 0, 2, 0);
        }
    }

    @Test
    void whatTheSchedulerHasNoRoomForWaitsForThoseThatRun() {
        Workers two = Workers.on(thread, 2, WAITING);
        room = 1;
        RequestHandler answering = request -> {
            done.add(request.decode(Codec.utf8()));
            return Mono.just(ByteBuffer.allocate(0));
        };
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("r", answering.on(two)))) {
            ask(pair, pair.session, "1");
            ask(pair, pair.session, "2");
            ask(pair, pair.session, "3");
            assertThat(two.stats()).isEqualTo(new WorkerStats(1, 2, 0, 0));
            workAll(pair);
            assertThat(done).containsExactly("1", "2", "3");
        }
    }

    @Test
    void workersThatTakeNothingMoreAreBusy() {
        List<HandlerError> told = new ArrayList<>();
        RequestHandler answering = request -> Mono.just(ByteBuffer.allocate(0));
        MessageHandler taking = message -> Mono.empty();
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("r", answering.on(workers))
                .onMessage("m", taking.on(workers))
                .onHandlerError(told::add))) {
            Heard running = ask(pair, pair.session, "runs");
            Heard waits = ask(pair, pair.session, "waits");
            pair.session.send("m", "waits", Codec.utf8()).subscribe();
            pair.settle();
            workers.dispose();
            pair.settle();
            assertThat(waits.reason()).isEqualTo(CloseReason.remote(ErrorCode.BUSY));
            assertThat(told).singleElement().satisfies(error -> {
                assertThat(error.kind()).isEqualTo(HandlerError.Kind.MESSAGE);
                assertThat(error.error()).isInstanceOf(RejectedExecutionException.class);
            });
            Heard later = ask(pair, pair.session, "later");
            assertThat(later.reason()).isEqualTo(CloseReason.remote(ErrorCode.BUSY));
            workAll(pair);
            assertThat(running.signals).as("it was begun").containsExactly("", "complete");
            assertStats(0, 0, 1, 3);
            assertThat(workers.isDisposed()).isTrue();
        }
    }

    @Test
    void itsOwnThreadsAreDaemonsWithItsNameAndSoMany() throws InterruptedException {
        Workers own = Workers.create("own", 2, WAITING);
        CountDownLatch free = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(2);
        List<Thread> seen = new ArrayList<>();
        RequestHandler blocking = request -> {
            synchronized (seen) {
                seen.add(Thread.currentThread());
            }
            entered.countDown();
            ScheduledHandlersTest.awaitWhateverHappens(free);
            return Mono.just(ByteBuffer.allocate(0));
        };
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("r", blocking.on(own)))) {
            for (int i = 0; i < 3; i++) {
                ask(pair, pair.session, "" + i);
            }
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(own.stats()).isEqualTo(new WorkerStats(2, 1, 0, 0));
            assertThat(seen).hasSize(2).allSatisfy(each -> {
                assertThat(each.isDaemon()).isTrue();
                assertThat(each.getName()).startsWith("own-");
            });
            own.dispose();
            free.countDown();
            for (Thread each : seen) {
                each.join(Duration.ofSeconds(20).toMillis());
                assertThat(each.isAlive()).isFalse();
            }
        } finally {
            free.countDown();
        }
    }

    @Test
    void namesWhatIsOutOfRange() {
        assertThatThrownBy(() -> Workers.create("x", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads is 0; legal: 1 to 65536");
        assertThatThrownBy(() -> Workers.on(thread, 65_537, 1)).hasMessage("threads is 65537; legal: 1 to 65536");
        assertThatThrownBy(() -> Workers.create("x", 1, 0)).hasMessage("waiting is 0; legal: 1 to 1000000");
        assertThatThrownBy(() -> Workers.on(thread, 1, 1_000_001))
                .hasMessage("waiting is 1000001; legal: 1 to 1000000");
    }
}
