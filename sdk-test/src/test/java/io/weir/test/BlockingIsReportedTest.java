package io.weir.test;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** BlockHound watches over this module's tests. */
class BlockingIsReportedTest {

    @Test
    void aBlockingCallOnANonBlockingThreadIsReported() {
        CountDownLatch never = new CountDownLatch(1);
        Mono<Boolean> blocking =
                Mono.fromCallable(() -> never.await(200, TimeUnit.MILLISECONDS)).subscribeOn(Schedulers.parallel());

        assertThatThrownBy(() -> blocking.block(Duration.ofSeconds(10)))
                .hasRootCauseInstanceOf(BlockingOperationError.class);
    }
}
