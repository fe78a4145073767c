package io.weir.reactive.session.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.transport.SessionLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

class ForeignCallsTest {

    private final ManualLoop loop = new ManualLoop();
    private final List<Object> seen = new ArrayList<>();
    private final List<Throwable> defects = new ArrayList<>();

    @Test
    void runsInTheOrderInWhichTheyCameWithinOneTask() {
        ForeignCalls calls = new ForeignCalls(loop, defects::add);
        for (int i = 0; i < 100; i++) {
            calls.add(call(i));
        }
        assertThat(seen).isEmpty();
        loop.runAll();
        assertThat(seen).isEqualTo(IntStream.range(0, 100).boxed().toList());
        assertThat(loop.executed).isEqualTo(1);
    }

    @Test
    void oneThatThrowsStopsNoneBehindIt() {
        ForeignCalls calls = new ForeignCalls(loop, defects::add);
        IllegalStateException thrown = new IllegalStateException("boom");
        calls.add(new ForeignCalls.Call() {
            @Override
            public void onLoop() {
                throw thrown;
            }
        });
        calls.add(call("next"));
        loop.runAll();
        assertThat(seen).containsExactly("next");
        assertThat(defects).containsExactly(thrown);
    }

    @Test
    void aCallMayBeMadeAgainFromWithin() {
        ForeignCalls calls = new ForeignCalls(loop, defects::add);
        calls.add(new ForeignCalls.Call() {
            private int left = 3;

            @Override
            public void onLoop() {
                seen.add(left);
                if (--left > 0) {
                    calls.add(this);
                }
            }
        });
        loop.runAll();
        assertThat(seen).containsExactly(3, 2, 1);
    }

    @Test
    void losesNoneAndKeepsEachThreadsOrderWhenThreadsRace() throws InterruptedException {
        int threads = 4;
        int each = 50_000;
        ForeignCalls calls = new ForeignCalls(SessionLoop.on(Schedulers.single()), defects::add);
        CountDownLatch done = new CountDownLatch(threads * each);
        int[] last = new int[threads];
        AtomicInteger disorder = new AtomicInteger();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            Schedulers.boundedElastic().schedule(() -> {
                for (int i = 1; i <= each; i++) {
                    int number = i;
                    calls.add(new ForeignCalls.Call() {
                        @Override
                        public void onLoop() {
                            if (last[thread] + 1 != number) {
                                disorder.incrementAndGet();
                            }
                            last[thread] = number;
                            done.countDown();
                        }
                    });
                }
            });
        }
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(disorder.get()).isZero();
    }

    private ForeignCalls.Call call(Object mark) {
        return new ForeignCalls.Call() {
            @Override
            public void onLoop() {
                seen.add(mark);
            }
        };
    }

    /** Runs what it was given when it is told to, in this thread. */
    private static final class ManualLoop implements SessionLoop {
        private final Queue<Runnable> tasks = new ArrayDeque<>();
        private int executed;

        @Override
        public boolean inLoop() {
            return false;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
            executed++;
        }

        void runAll() {
            Runnable task;
            while ((task = tasks.poll()) != null) {
                task.run();
            }
        }

        @Override
        public Disposable schedule(Runnable task, long atNanos) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long nowNanos() {
            return 0;
        }

        @Override
        public long wallMillis() {
            return 0;
        }
    }
}
