package io.weir.reactive.session.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.transport.SessionLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

class LoopSchedulerTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final SessionLoop loop = SessionLoop.on(time);
    private final LoopScheduler scheduler = new LoopScheduler(loop, new PacketClock(loop));
    private final List<String> done = new ArrayList<>();

    private void pass(long millis) {
        time.advanceTimeBy(Duration.ofMillis(millis));
    }

    @Test
    void timersRingOnTheLoopByItsClock() {
        scheduler.schedule(() -> done.add("soon " + loop.inLoop()));
        scheduler.schedule(() -> done.add("later " + loop.inLoop()), 5, TimeUnit.MILLISECONDS);
        Disposable never = scheduler.schedule(() -> done.add("never"), 6, TimeUnit.MILLISECONDS);
        pass(0);
        assertThat(done).containsExactly("soon true");
        never.dispose();
        pass(10);

        assertThat(done).containsExactly("soon true", "later true");
        assertThat(scheduler.now(TimeUnit.NANOSECONDS)).isEqualTo(loop.nowNanos());
        assertThat(scheduler.now(TimeUnit.MILLISECONDS)).isEqualTo(10);
    }

    @Test
    void operatorsOfReactorRunOnIt() {
        Mono.delay(Duration.ofMillis(3), scheduler).subscribe(tick -> done.add("tick " + loop.inLoop()));
        pass(3);

        assertThat(done).containsExactly("tick true");
    }

    @Test
    void workerTakesItsTasksWithIt() {
        Scheduler.Worker worker = scheduler.createWorker();
        worker.schedule(() -> done.add("first"));
        worker.schedule(() -> done.add("second"), 1, TimeUnit.MILLISECONDS);
        pass(0);

        worker.dispose();
        pass(5);

        assertThat(done).containsExactly("first");
        assertThat(worker.isDisposed()).isTrue();
        scheduler.schedule(() -> done.add("others go on"));
        pass(0);
        assertThat(done).hasSize(2);
    }
}
