package io.weir.test.session;

import static io.weir.test.assertj.WeirAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.WeirException;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.codec.Codec;
import io.weir.test.TestNodes;
import io.weir.test.probe.ReceiveProbe;
import io.weir.test.probe.StreamProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

/** What a receiving half tells of elements that had arrived when its session ended. */
final class EndOfSessionTest {

    private final TestNodes nodes = TestNodes.pair(
            a -> a,
            b -> b.onStream("whole", stream -> stream.send(Flux.just("1", "2", "3"), Codec.utf8()))
                    .onStream(
                            "broken",
                            stream -> stream.send(Flux.just("1", "2", "3").concatWith(Flux.never()), Codec.utf8())));

    enum End {
        LOST,
        CLOSED_HERE,
        CLOSED_THERE;

        void happens(TestNodes nodes) {
            switch (this) {
                case LOST -> nodes.link().lose();
                case CLOSED_HERE -> nodes.session().dispose();
                case CLOSED_THERE -> nodes.session("b", "a").dispose();
            }
        }
    }

    private ReceiveProbe<String> received(String stream) {
        return StreamProbe.of(nodes.session().openStream(stream, StreamConfig.reliable()))
                .receive(Codec.utf8())
                .request(1);
    }

    @AfterEach
    void close() {
        nodes.close();
    }

    @ParameterizedTest
    @EnumSource
    void streamThatThePeerHadCompletedCompletesBehindItsQueue(End end) {
        ReceiveProbe<String> received = received("whole");
        end.happens(nodes);
        assertThat(received.isCompleted()).isFalse();
        assertThat(received.error()).isNull();

        received.request(2);
        assertThat(received.received()).containsExactly("1", "2", "3");
        assertThat(received.isCompleted()).isTrue();
        assertThat(nodes).hasNoLeaks();
    }

    @ParameterizedTest
    @EnumSource
    void streamThatThePeerHadNotCompletedFailsBehindItsQueue(End end) {
        ReceiveProbe<String> received = received("broken");
        end.happens(nodes);
        assertThat(received.error()).isNull();

        received.request(2);
        assertThat(received.received()).containsExactly("1", "2", "3");
        assertThat(received.error()).isInstanceOf(SessionClosedException.class);
    }

    @ParameterizedTest
    @EnumSource
    void queueThatNobodyTakesInTimeIsDiscardedAndNotCalledComplete(End end) {
        ReceiveProbe<String> received = received("whole");
        end.happens(nodes);
        nodes.advance(NodeLimits.defaults().drainTimeout().plusSeconds(1));

        assertThat(received.isCompleted()).isFalse();
        assertThat((WeirException) received.error()).isInstanceOf(SessionClosedException.class);
        if (end == End.LOST) {
            assertThat((WeirException) received.error())
                    .hasCode(ErrorCode.LINK_LOST)
                    .isRetryable();
        }
    }
}
