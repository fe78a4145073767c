package io.weir.reactive.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.weir.reactive.transport.SessionLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;

@Timeout(60)
class NettyLoopTest {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final SessionLoop loop = NettyLoop.of(group.next());

    @AfterEach
    void tearDown() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void runsTasksOnTheEventLoopAndNotBeforeTheirTime() throws Exception {
        long at = loop.nowNanos() + TimeUnit.MILLISECONDS.toNanos(20);
        CompletableFuture<Long> ranAt = new CompletableFuture<>();
        CompletableFuture<Boolean> inside = new CompletableFuture<>();

        loop.execute(() -> inside.complete(loop.inLoop()));
        loop.schedule(() -> ranAt.complete(loop.nowNanos()), at);

        assertThat(loop.inLoop()).isFalse();
        assertThat(inside.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ranAt.get(10, TimeUnit.SECONDS) - at).isNotNegative();
    }

    @Test
    void aDisposedTimerDoesNotRun() throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        Disposable timer = loop.schedule(
                () -> first.complete("disposed one"), loop.nowNanos() + TimeUnit.MILLISECONDS.toNanos(20));
        loop.schedule(() -> first.complete("other"), loop.nowNanos() + TimeUnit.MILLISECONDS.toNanos(40));

        timer.dispose();

        assertThat(timer.isDisposed()).isTrue();
        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("other");
    }

    @Test
    void refusesTasksOnceTheEventLoopIsShutDown() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();

        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }
}
