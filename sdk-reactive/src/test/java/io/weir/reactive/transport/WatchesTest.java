package io.weir.reactive.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/** What watches over the other tests is awake itself. */
@Timeout(60)
class WatchesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void aBlockingCallOnAnEventLoopIsReported() {
        LoopResources loops = LoopResources.create("watched", 1, true);
        Scheduler loop = Schedulers.fromExecutor(loops.onServer(false).next());
        try {
            assertThatThrownBy(() -> blockOn(loop)).hasRootCauseInstanceOf(BlockingOperationError.class);
        } finally {
            loops.dispose();
        }
    }

    @Test
    void aBlockingCallOnAReactorThreadIsReported() {
        assertThatThrownBy(() -> blockOn(Schedulers.parallel())).hasRootCauseInstanceOf(BlockingOperationError.class);
    }

    private static void blockOn(Scheduler scheduler) {
        CountDownLatch never = new CountDownLatch(1);
        Mono.fromCallable(() -> never.await(200, TimeUnit.MILLISECONDS))
                .subscribeOn(scheduler)
                .block(PATIENCE);
    }

    @Test
    void aBufferThatNobodyReleasesIsReported() {
        BufferLeakWatch.failIfLeaked();
        leak();

        assertThat(eventually(WatchesTest::leakIsReported)).isTrue();
    }

    /** In a method of its own, so that no frame keeps the buffer. */
    private static void leak() {
        PooledByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
    }

    private static boolean leakIsReported() {
        try {
            BufferLeakWatch.failIfLeaked();
            return false;
        } catch (AssertionError leaked) {
            assertThat(leaked).hasMessageContaining("leaked buffers").hasMessageContaining("WatchesTest.leak");
            return true;
        }
    }

    /** The collector takes its time. */
    private static boolean eventually(BooleanSupplier condition) {
        for (int i = 0; i < 200; i++) {
            if (condition.getAsBoolean()) {
                return true;
            }
        }
        return false;
    }
}
