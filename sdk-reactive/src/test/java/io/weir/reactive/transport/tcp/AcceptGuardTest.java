package io.weir.reactive.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a channel without a socket, in virtual time: auto-read is what makes a listening channel accept. */
class AcceptGuardTest {

    private final List<Throwable> passedOn = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter() {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            passedOn.add(cause);
        }
    });

    @BeforeEach
    void install() {
        channel.freezeTime();
        AcceptGuard.install(channel);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aStrangersFailureNeitherPausesNorReachesTheAcceptor() {
        fail(AcceptGuard.FREE_FAILURES);

        assertThat(accepting()).isTrue();
        assertThat(passedOn).isEmpty();
    }

    @Test
    void failuresBetweenConnectionsNeverPause() {
        for (int i = 0; i < 1_000; i++) {
            fail(AcceptGuard.FREE_FAILURES);
            assertThat(accepting()).isTrue();
            accept();
        }
    }

    @Test
    void failuresThatGoOnPauseLongerAndLonger() {
        fail(AcceptGuard.FREE_FAILURES);
        List<Long> pauses = new ArrayList<>();

        for (int i = 0; i < 10; i++) {
            fail(1);
            pauses.add(pausedMillis());
        }

        assertThat(pauses).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 100L, 100L, 100L);
    }

    @Test
    void aConnectionEndsTheRow() {
        fail(AcceptGuard.FREE_FAILURES + 1);
        pausedMillis();
        fail(1);
        pausedMillis();

        accept();
        fail(AcceptGuard.FREE_FAILURES);
        assertThat(accepting()).isTrue();
        fail(1);

        assertThat(pausedMillis()).isEqualTo(AcceptGuard.SHORTEST_PAUSE_MILLIS);
    }

    @Test
    void aFailureDuringAPauseDoesNotProlongIt() {
        fail(AcceptGuard.FREE_FAILURES + 2);

        fail(5);

        assertThat(pausedMillis()).isEqualTo(AcceptGuard.SHORTEST_PAUSE_MILLIS);
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            channel.pipeline().fireExceptionCaught(new IOException("on purpose"));
        }
    }

    private void accept() {
        channel.writeInbound("a connection");
        assertThat(channel.<String>readInbound()).isEqualTo("a connection");
    }

    private boolean accepting() {
        return channel.config().isAutoRead();
    }

    private long pausedMillis() {
        assertThat(accepting()).isFalse();
        long millis = 0;
        while (!accepting() && millis < 10_000) {
            channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
            millis++;
        }
        return millis;
    }
}
