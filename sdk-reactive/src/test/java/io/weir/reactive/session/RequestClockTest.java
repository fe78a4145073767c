package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.RequestTest.Heard;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** When the time of a request begins that is asked by whoever has just heard an answer, and has taken its time over it. */
class RequestClockTest {

    private static final PeerAddress SERVER = PeerAddress.memory("server");
    private static final Duration TAKEN = Duration.ofMillis(30);

    private final PausableTime time = new PausableTime();
    private final MemoryNetwork network = MemoryNetwork.on(time);
    private final List<PeerNode> nodes = new ArrayList<>();
    private final List<Heard> second = new ArrayList<>();
    private PeerSession session;

    @BeforeEach
    void connect() {
        started(Weir.node()
                .listen(SERVER)
                .onRequest("echo", request -> Mono.just(request.payload()))
                .onRequest("never", request -> Mono.never()));
        AtomicReference<PeerSession> connected = new AtomicReference<>();
        started(Weir.node()).connect(SERVER).subscribe(connected::set);
        time.advance(Duration.ZERO);
        session = Objects.requireNonNull(connected.get(), "no session");
    }

    @AfterEach
    void end() {
        nodes.forEach(PeerNode::dispose);
        time.advance(Duration.ofSeconds(2));
    }

    @Test
    void aShortLimitLeavesOutWhatTheSubscriberTookBefore() {
        askAfterAnAnswer("echo", TAKEN.minusMillis(10));

        time.advance(Duration.ZERO);
        assertThat(second.get(0).signals).containsExactly("", "complete");
    }

    @Test
    void aLongLimitBeginsWithTheRecordThatBroughtTheAnswer() {
        Duration limit = Duration.ofSeconds(1);
        askAfterAnAnswer("never", limit);

        time.advance(limit.minus(TAKEN).minusMillis(1));
        assertThat(second.get(0).signals).isEmpty();
        time.advance(Duration.ofMillis(1));

        assertThat(second.get(0).reason()).isEqualTo(CloseReason.local(ErrorCode.REQUEST_TIMEOUT));
    }

    @Test
    void aLongLimitBeginsNowWhereNothingHasCome() {
        Duration limit = Duration.ofSeconds(1);
        time.advance(TAKEN);
        Heard heard = new Heard(request("never", limit));

        time.advance(limit.minusMillis(1));
        assertThat(heard.signals).isEmpty();
        time.advance(Duration.ofMillis(1));

        assertThat(heard.reason()).isEqualTo(CloseReason.local(ErrorCode.REQUEST_TIMEOUT));
    }

    private void askAfterAnAnswer(String route, Duration limit) {
        request("echo", Duration.ofSeconds(5)).subscribe(answer -> {
            time.elapse(TAKEN);
            second.add(new Heard(request(route, limit)));
        });
        time.advance(Duration.ZERO);
        assertThat(second).hasSize(1);
    }

    private Mono<String> request(String route, Duration limit) {
        return session.request(
                route, "", Codec.utf8(), Codec.utf8(), RequestOptions.defaults().withTimeout(limit));
    }

    private PeerNode started(PeerNodeSpec spec) {
        AtomicReference<PeerNode> started = new AtomicReference<>();
        spec.transport(network.transport()).start().subscribe(started::set);
        time.advance(Duration.ZERO);
        PeerNode node = Objects.requireNonNull(started.get(), "not started");
        nodes.add(node);
        return node;
    }
}
