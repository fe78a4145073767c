package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.RequestTest.Heard;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** {@link RequestHandler#on}: other threads, a bound, and places that come back. */
class ScheduledRequestsTest {

    private static final int MOST = RequestHandler.MAX_SCHEDULED;

    private final Sinks.One<ByteBuffer> answer = Sinks.one();

    @Test
    void answersBusyBeyondTheBoundAndServesAgainWhenThereIsAPlace() {
        VirtualTimeScheduler worker = VirtualTimeScheduler.create();
        RequestHandler slow = request -> answer.asMono();
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("slow", slow.on(worker)))) {
            List<Heard> waiting = new ArrayList<>();
            for (int i = 0; i < MOST; i++) {
                waiting.add(ask(pair));
            }
            pair.settle();
            Heard tooMany = ask(pair);
            pair.settle();
            assertThat(tooMany.reason()).isEqualTo(CloseReason.remote(ErrorCode.BUSY));
            worker.advanceTime();
            answer.tryEmitValue(ByteBuffer.allocate(0));
            pair.settle();
            assertThat(waiting).allSatisfy(heard -> assertThat(heard.signals).containsExactly("", "complete"));
            Heard again = ask(pair);
            worker.advanceTime();
            pair.settle();
            assertThat(again.signals).containsExactly("", "complete");
        }
        worker.dispose();
    }

    @Test
    void oneThatIsGivenUpFreesItsPlace() {
        VirtualTimeScheduler worker = VirtualTimeScheduler.create();
        RequestHandler never = request -> Mono.never();
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("slow", never.on(worker)))) {
            for (int round = 0; round < 3; round++) {
                List<Heard> all = new ArrayList<>();
                for (int i = 0; i < MOST; i++) {
                    all.add(ask(pair));
                }
                worker.advanceTime();
                pair.settle();
                assertThat(all).allSatisfy(heard -> assertThat(heard.signals).isEmpty());
                all.forEach(Heard::cancel);
                pair.settle();
            }
        }
        worker.dispose();
    }

    @Test
    void aThreadThatStillWorksForOneThatWasGivenUpKeepsThePlace() throws InterruptedException {
        Scheduler single = Schedulers.newBoundedElastic(1, MOST, "worker");
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        RequestHandler blocking = request -> Mono.fromCallable(() -> {
            entered.countDown();
            awaitWhateverHappens(free);
            return ByteBuffer.allocate(0);
        });
        RequestHandler moved = blocking.on(single);
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("slow", moved))) {
            Heard working = ask(pair);
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
            working.cancel();
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
        } finally {
            free.countDown();
            single.dispose();
        }
    }

    @Test
    void aSchedulerThatIsShutDownIsBusy() {
        Scheduler gone = Schedulers.newSingle("gone");
        gone.dispose();
        RequestHandler never = request -> Mono.never();
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("slow", never.on(gone)))) {
            for (int i = 0; i < 2 * MOST; i++) {
                Heard heard = ask(pair);
                pair.settle();
                assertThat(heard.reason()).isEqualTo(CloseReason.remote(ErrorCode.BUSY));
            }
        }
    }

    private static Heard ask(NodePair pair) {
        return new Heard(pair.session.request("slow", "", Codec.utf8(), Codec.utf8()));
    }

    /** As code does that takes no notice of interrupts. */
    private static void awaitWhateverHappens(CountDownLatch latch) {
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
