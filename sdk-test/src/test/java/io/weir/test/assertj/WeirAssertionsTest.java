package io.weir.test.assertj;

import static io.weir.test.assertj.WeirAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Layer;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.WeirException;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.codec.Codec;
import io.weir.test.TestNodes;
import io.weir.test.probe.ReceiveProbe;
import io.weir.test.probe.StreamProbe;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

final class WeirAssertionsTest {

    private final TestNodes nodes = TestNodes.pair(
            a -> a.limits(NodeLimits.defaults().withSilenceLimit(Duration.ofSeconds(1))),
            b -> b.onStream("words", stream -> stream.send(Flux.just("to", "be"), Codec.utf8()))
                    .onRequest("never", request -> Mono.never()));
    private final PeerSession session = nodes.session();
    private final PeerStream words = session.openStream("words", StreamConfig.reliable());

    @AfterEach
    void close() {
        nodes.close();
    }

    private static void fails(ThrowingCallable assertion, String pattern) {
        assertThatThrownBy(assertion)
                .isInstanceOf(AssertionError.class)
                .message()
                .matches("(?s)" + pattern);
    }

    @Test
    void readySession() {
        assertThat(session).isReady().hasPeer(nodes.node("b").id()).hasNoMessagesInHand();

        fails(() -> assertThat(session).isClosed(), "expected session 1 with \\S+ to be CLOSED, but it is READY");
        fails(() -> assertThat(session).isLost(), "expected session 1 with \\S+ to be over, but it is READY");
        fails(
                () -> assertThat(session).hasPeer(nodes.node("a").id()),
                "expected session 1 with " + nodes.node("b").id() + " to be with "
                        + nodes.node("a").id());
        session.request("never", "?", Codec.utf8(), Codec.utf8()).subscribe();
        fails(
                () -> assertThat(session).hasNoMessagesInHand(),
                "expected session 1 .* to have no messages in hand, but it has .*requestsOutstanding=1.*");
    }

    @Test
    void drainingSession() {
        StreamProbe.of(words).receive(Codec.utf8());
        session.drain(Duration.ofSeconds(9)).subscribe();
        assertThat(session).isDraining();
        fails(() -> assertThat(session).isReady(), "expected session 1 .* to be READY, but it is DRAINING");
    }

    @Test
    void sessionThatWasClosed() {
        session.dispose();
        assertThat(session).isClosed().isClosedCleanly().endedWith(ErrorCode.NONE);
        assertThat(session).closeReason().isLocal().isClean();
        assertThat(nodes.session("b", "a")).isClosedCleanly().closeReason().isRemote();

        fails(
                () -> assertThat(session).isLost(),
                "expected session 1 .* to have been lost, but it ended with: .* NONE.*");
        fails(
                () -> assertThat(session).isReady(),
                "expected session 1 .* to be READY, but it is CLOSED: local SESSION 0x00 NONE.*");
    }

    @Test
    void sessionThatWasLost() {
        nodes.link().lose();
        assertThat(session).isClosed().isLost().endedWith(ErrorCode.LINK_LOST);
        assertThat(session)
                .closeReason()
                .hasCode(ErrorCode.LINK_LOST)
                .isIn(Layer.TRANSPORT)
                .isLocal()
                .isRetryable();

        fails(
                () -> assertThat(session).isClosedCleanly(),
                "expected session 1 .* to have been closed cleanly, but it ended with: .* LINK_LOST.*");
        fails(
                () -> assertThat(session).endedWith(ErrorCode.SILENCE),
                "expected session 1 .* to have ended with SILENCE, but it ended with: .* LINK_LOST.*");
        fails(
                () -> assertThat(session).closeReason().isRemote(),
                "\\[session 1 with .*] expected a remote end, but it was: local TRANSPORT .*");
    }

    @Test
    void sessionThatFellSilent() {
        nodes.link().partition();
        nodes.advance(Duration.ofSeconds(2));
        assertThat(session).isLost().endedWith(ErrorCode.SILENCE);
    }

    @Test
    void stream() {
        ReceiveProbe<String> received = StreamProbe.of(words).receive(Codec.utf8());
        assertThat(words)
                .isActive()
                .hasReceived(2)
                .hasHeld(2)
                .hasSent(0)
                .hasCreditRemaining(65_536)
                .hasWindow(65_536);
        assertThat(StreamProbe.of(words)).hasHeld(2);
        fails(() -> assertThat(words).isOver(), "expected stream 'words' to be over, but it has StreamStats.*");
        fails(
                () -> assertThat(words).hasNoCreditForMore(),
                "expected stream 'words' to have no credit for another element, but it has .*");
        fails(
                () -> assertThat(words).hasCreditRemaining(5),
                "expected stream 'words' to have 5 bytes of credit remaining, but it has 65536: StreamStats.*");
        fails(() -> assertThat(words).hasHeld(0), "expected stream 'words' to have 0 elements held, but it has 2: .*");

        received.request(2);
        assertThat(words).hasHeld(0);
        words.dispose();
        assertThat(words).isOver();
        fails(() -> assertThat(words).isActive(), "expected stream 'words' to be active, but it has .*");
    }

    @Test
    void sendingHalfWithoutCredit() {
        PeerStream out = nodes.session("b", "a").openStream("unheard", StreamConfig.reliable());
        StreamProbe.of(out).send(Codec.bytes()).emit(new byte[65_520], new byte[1]);
        assertThat(out).hasSent(1).hasNoCreditForMore();
    }

    @Test
    void node() {
        PeerNode a = nodes.node("a");
        PeerNode b = nodes.node("b");
        assertThat(a).isRunning().hasSessions(1).hasSessionWith(b.id());
        fails(() -> assertThat(a).isClosed(), "expected node \\S+ to be closed, but it is not");
        fails(
                () -> assertThat(a).hasNoSessions(),
                "expected node \\S+ to have 0 live sessions, but it has 1: \\[" + b.id() + "]");
        fails(
                () -> assertThat(a).hasSessionWith(a.id()),
                "expected node (\\S+) to have a live session with \\1, but it has with \\[\\S+]");
        fails(
                () -> assertThat(a).hasNothingReserved(),
                "expected node \\S+ to have nothing reserved, but it has promised [1-9]\\d* bytes, with 1 live sessions");

        a.dispose();
        nodes.advance(Duration.ofSeconds(2));
        assertThat(a).isClosed().endedWith(ErrorCode.NODE_CLOSED).hasNothingReserved();
        assertThat(b).hasNoSessions();
        fails(() -> assertThat(a).isRunning(), "expected node \\S+ to be running, but it has ended: .*");
        fails(
                () -> assertThat(a).endedWith(ErrorCode.INTERNAL),
                "expected node \\S+ to have ended with INTERNAL, but it was: .*");
    }

    @Test
    void failure() {
        WeirException failure = new SessionClosedException(CloseReason.local(ErrorCode.LINK_LOST));
        assertThat(failure)
                .hasCode(ErrorCode.LINK_LOST)
                .isRetryable()
                .hasMessageContaining("session closed")
                .reason()
                .isIn(Layer.TRANSPORT);
        fails(
                () -> assertThat(failure).hasCode(ErrorCode.SILENCE),
                "\\[SessionClosedException] expected code SILENCE, but it was: local TRANSPORT 0x09 LINK_LOST.*");
        fails(() -> assertThat(failure).isNotRetryable(), ".*expected an end that is not retryable, but it was.*");

        WeirException refused = new SessionClosedException(CloseReason.remote(ErrorCode.REFUSED));
        assertThat(refused).isNotRetryable();
        fails(() -> assertThat(refused).isRetryable(), ".*expected a retryable end, but it was.*");
        fails(() -> assertThat(refused.reason()).isClean(), "expected a clean end, but it was: remote STREAM 0x22.*");
        fails(() -> assertThat(refused.reason()).isLocal(), "expected a local end, but it was: .*");
        fails(
                () -> assertThat(refused.reason()).isIn(Layer.SESSION),
                "expected layer SESSION, but it was: remote STREAM.*");
        fails(() -> assertThat(refused.reason()).isNotRetryable().isRetryable(), ".*");
    }

    @Test
    void nodesLeakNothingOrSaySo() {
        assertThat(nodes).hasNoLeaks();

        try (TestNodes leaking = TestNodes.pair()) {
            leaking.network().listener("x").start().subscribe();
            leaking.network()
                    .node("y")
                    .start()
                    .flatMap(y -> y.connect(leaking.network().address("x")))
                    .subscribe();
            fails(
                    () -> assertThat(leaking).hasNoLeaks(),
                    "expected nothing to be left of the nodes, but 1 links and \\d+ timers are left\n"
                            + "nodes \\[a, b], seed 1 .*");
        }
    }

    @Test
    void descriptionComesFirst() {
        fails(() -> assertThat(session).as("mine").isClosed(), "\\[mine] expected session .*");
    }

    @Test
    void nothingToLookAtIsAFailureToo() {
        fails(() -> assertThat((PeerSession) null).isReady(), ".*Expecting actual not to be null.*");
        fails(() -> assertThat((PeerStream) null).isActive(), ".*Expecting actual not to be null.*");
        fails(() -> assertThat((PeerNode) null).isRunning(), ".*Expecting actual not to be null.*");
        fails(() -> assertThat((CloseReason) null).isClean(), ".*Expecting actual not to be null.*");
        fails(() -> assertThat((WeirException) null).isRetryable(), ".*Expecting actual not to be null.*");
    }
}
