package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamReset;
import io.weir.reactive.HandlerError;
import io.weir.reactive.MessageHandler;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.StreamHandler;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.RequestTest.Heard;
import io.weir.reactive.session.dispatch.SessionDispatch;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Handlers that were moved to other threads by {@code on}: what waits there counts, and places come back. */
class ScheduledHandlersTest {

    private static final NodeLimits LIMITS = NodeLimits.defaults().withMaxHandled(1);

    /** With the one place that the node shares. */
    private static final int MOST = SessionDispatch.OWN + 1;

    private final Sinks.One<ByteBuffer> answer = Sinks.one();
    private final Deque<Runnable> tasks = new ArrayDeque<>();

    /** One that works when the test says so. */
    private final Scheduler worker = Schedulers.fromExecutor(tasks::add);

    private void work() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    @Test
    void requestsThatWaitForAThreadCountAsHandled() {
        RequestHandler slow = request -> answer.asMono();
        try (NodePair pair = NodePair.of(spec -> spec.limits(LIMITS).onRequest("slow", slow.on(worker)))) {
            List<Heard> waiting = new ArrayList<>();
            for (int i = 0; i < MOST; i++) {
                waiting.add(ask(pair));
            }
            pair.settle();
            Heard tooMany = ask(pair);
            pair.settle();
            assertThat(tooMany.reason()).isEqualTo(CloseReason.remote(ErrorCode.BUSY));
            work();
            answer.tryEmitValue(ByteBuffer.allocate(0));
            pair.settle();
            assertThat(waiting).allSatisfy(heard -> assertThat(heard.signals).containsExactly("", "complete"));
            Heard again = ask(pair);
            pair.settle();
            work();
            pair.settle();
            assertThat(again.signals).containsExactly("", "complete");
        }
        worker.dispose();
    }

    @Test
    void aRequestThatIsGivenUpFreesItsPlace() {
        RequestHandler never = request -> Mono.never();
        try (NodePair pair = NodePair.of(spec -> spec.limits(LIMITS).onRequest("slow", never.on(worker)))) {
            for (int round = 0; round < 3; round++) {
                List<Heard> all = new ArrayList<>();
                for (int i = 0; i < MOST; i++) {
                    all.add(ask(pair));
                }
                pair.settle();
                if (round < 2) { // given up while it waits for a thread, and while it runs
                    work();
                }
                pair.settle();
                assertThat(all).allSatisfy(heard -> assertThat(heard.signals).isEmpty());
                all.forEach(Heard::cancel);
                pair.settle();
            }
        }
        worker.dispose();
    }

    @Test
    void aThreadThatStillWorksForARequestThatWasGivenUpKeepsThePlace() throws InterruptedException {
        Scheduler single = Schedulers.newBoundedElastic(1, MOST, "worker");
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        RequestHandler blocking = request -> {
            entered.countDown();
            awaitWhateverHappens(free);
            left.countDown();
            return Mono.never();
        };
        RequestHandler moved = blocking.on(single);
        try (NodePair pair = NodePair.of(spec -> spec.limits(LIMITS).onRequest("slow", moved))) {
            Heard working = ask(pair);
            pair.settle();
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
            working.cancel();
            pair.settle();
            List<Heard> others = new ArrayList<>();
            for (int i = 0; i < MOST - 1; i++) {
                others.add(ask(pair));
            }
            Heard tooMany = ask(pair);
            pair.settle();
            assertThat(others)
                    .allSatisfy(heard -> assertThat(heard.signals)
                            .as("failure %s", heard.failure)
                            .isEmpty());
            assertThat(tooMany.reason()).isEqualTo(CloseReason.remote(ErrorCode.BUSY));
            others.forEach(Heard::cancel);
            pair.settle();
            free.countDown();
            assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            free.countDown();
            single.dispose();
        }
        worker.dispose();
    }

    @Test
    void aSchedulerThatIsShutDownIsBusy() {
        Scheduler gone = Schedulers.newSingle("gone");
        gone.dispose();
        RequestHandler answering = request -> Mono.never();
        StreamHandler serving = stream -> Mono.never();
        MessageHandler taking = message -> Mono.never();
        List<HandlerError> told = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.limits(LIMITS)
                .onRequest("slow", answering.on(gone))
                .onStream("s", serving.on(gone))
                .onMessage("m", taking.on(gone))
                .onHandlerError(told::add))) {
            for (int i = 0; i < 2 * MOST; i++) {
                Heard heard = ask(pair);
                List<Throwable> failed = new ArrayList<>();
                pair.session
                        .exchange("s", Mono.just("x"), Codec.utf8(), Codec.utf8())
                        .subscribe(value -> {}, failed::add);
                pair.session.send("m", "x", Codec.utf8()).subscribe();
                pair.settle();
                assertThat(heard.reason()).isEqualTo(CloseReason.remote(ErrorCode.BUSY));
                assertThat(failed)
                        .singleElement()
                        .isInstanceOfSatisfying(
                                StreamReset.class,
                                e -> assertThat(e.reason()).isEqualTo(CloseReason.remote(ErrorCode.BUSY)));
            }
        }
        assertThat(told).as("only what nobody else hears").hasSize(2 * MOST).allSatisfy(error -> {
            assertThat(error.kind()).isEqualTo(HandlerError.Kind.MESSAGE);
            assertThat(error.error()).isInstanceOf(RejectedExecutionException.class);
        });
        worker.dispose();
    }

    @Test
    void messagesAndStreamsRunWhereTheirHandlersWantTo() {
        List<String> heard = new ArrayList<>();
        MessageHandler taking = message -> Mono.fromRunnable(() -> heard.add(message.decode(Codec.utf8())));
        StreamHandler serving =
                stream -> stream.send(stream.receive(Codec.utf8()).map(String::toUpperCase), Codec.utf8());
        try (NodePair pair =
                NodePair.of(spec -> spec.onMessage("m", taking.on(worker)).onStream("s", serving.on(worker)))) {
            pair.session.send("m", "message", Codec.utf8()).subscribe();
            pair.session
                    .exchange("s", Flux.just("a", "b"), Codec.utf8(), Codec.utf8())
                    .subscribe(heard::add, e -> heard.add(e.toString()), () -> heard.add("complete"));
            pair.settle();
            assertThat(heard).as("the worker has not come yet").isEmpty();
            for (int i = 0; i < 5; i++) {
                work();
                pair.settle();
            }
            assertThat(heard).containsExactly("message", "A", "B", "complete");
        }
        worker.dispose();
    }

    @Test
    void streamsThatWaitForAThreadCountAsHandled() {
        StreamHandler serving = stream -> Mono.never();
        try (NodePair pair = NodePair.of(spec -> spec.limits(LIMITS).onStream("s", serving.on(worker)))) {
            List<Throwable> failed = new ArrayList<>();
            for (int i = 0; i < MOST + 1; i++) {
                pair.session
                        .exchange("s", Mono.never(), Codec.utf8(), Codec.utf8())
                        .subscribe(value -> {}, failed::add);
            }
            pair.settle();
            assertThat(failed)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            StreamReset.class,
                            e -> assertThat(e.reason()).isEqualTo(CloseReason.remote(ErrorCode.BUSY)));
        }
        worker.dispose();
    }

    private static Heard ask(NodePair pair) {
        return new Heard(pair.session.request("slow", "", Codec.utf8(), Codec.utf8()));
    }

    /** As code does that takes no notice of interrupts. */
    static void awaitWhateverHappens(CountDownLatch latch) {
        boolean done = false;
        while (!done) {
            try {
                done = latch.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                // the thread is wanted back, and stays
            }
        }
    }
}
