package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Headers;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.SessionState;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

class IdleTimeoutTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration NEARLY = LIMIT.minusSeconds(1);

    /** Of which only the server closes sessions that nobody uses. */
    private static NodePair pair() {
        return NodePair.of(spec -> spec.limits(NodeLimits.defaults().withIdleTimeout(LIMIT))
                .onRequest("echo", request -> Mono.just(request.payload()))
                .onRequest("never", request -> Mono.never())
                .onMessage("note", message -> Mono.empty())
                .onStream("sink", stream -> stream.receive(Codec.utf8()).then()));
    }

    private static void assertEndsAfter(NodePair pair, Duration idle) {
        pair.advance(idle.minusMillis(1));
        assertThat(pair.session.state()).isEqualTo(SessionState.READY);
        pair.advance(Duration.ofMillis(2));
        assertThat(pair.session.onClose().block().error()).isEqualTo(ErrorCode.IDLE_TIMEOUT);
    }

    @Test
    void endsASessionThatNobodyUsesAtBothEnds() {
        try (NodePair pair = pair()) {
            assertEndsAfter(pair, LIMIT);
            pair.advance(Duration.ofSeconds(1));
            assertThat(pair.serverSession().onClose().block().error()).isEqualTo(ErrorCode.IDLE_TIMEOUT);
            assertThat(pair.server.stats().connections().get(0).ended()).containsOnlyKeys(ErrorCode.IDLE_TIMEOUT);
        }
    }

    @Test
    void eachUseBeginsTheTimeAnew() {
        try (NodePair pair = pair()) {
            for (int i = 0; i < 3; i++) {
                pair.advance(NEARLY);
                pair.session.request("echo", "", Codec.utf8(), Codec.utf8()).subscribe();
                pair.settle();
            }
            pair.advance(NEARLY);
            pair.session.send("note", Headers.empty(), "", Codec.utf8()).subscribe();
            pair.settle();
            assertEndsAfter(pair, LIMIT);
        }
    }

    @Test
    void aStreamThatIsOpenIsAUseThoughNothingIsSent() {
        try (NodePair pair = pair()) {
            Disposable stream = pair.session
                    .openStream("sink")
                    .send(Mono.never(), Codec.utf8())
                    .subscribe();
            pair.advance(LIMIT.multipliedBy(10));
            assertThat(pair.session.state()).isEqualTo(SessionState.READY);
            stream.dispose();
            pair.settle();
            assertEndsAfter(pair, LIMIT);
        }
    }

    @Test
    void aRequestThatIsHandledIsAUse() {
        try (NodePair pair = pair()) {
            pair.session.request("never", "", Codec.utf8(), Codec.utf8()).subscribe(v -> {}, e -> {});
            pair.advance(NodeLimits.defaults().requestTimeout().minusSeconds(1));
            pair.advance(Duration.ofSeconds(2));
            assertThat(pair.session.state()).isEqualTo(SessionState.READY);
            pair.advance(LIMIT.multipliedBy(2));
            assertThat(pair.session.state()).isEqualTo(SessionState.CLOSED);
        }
    }

    @Test
    void nobodyIsEndedWhereThereIsNoLimit() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            pair.advance(Duration.ofDays(1));
            assertThat(pair.session.state()).isEqualTo(SessionState.READY);
        }
    }
}
