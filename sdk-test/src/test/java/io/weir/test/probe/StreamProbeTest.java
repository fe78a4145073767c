package io.weir.test.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.error.StreamReset;
import io.weir.core.error.StreamStopped;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerStream;
import io.weir.reactive.codec.Codec;
import io.weir.test.TestNodes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

final class StreamProbeTest {

    /** Room for ten elements of 84 bytes, which cost 100 each. */
    private static final StreamConfig SMALL = StreamConfig.reliable().withFixedWindow(1_024);

    private static final byte[] ELEMENT = new byte[84];

    private @Nullable PeerStream accepted;
    private final TestNodes nodes = TestNodes.pair(
            a -> a.limits(NodeLimits.defaults().withInitialWindowBytes(1_024)),
            b -> b.onStream("elements", StreamConfig.reliable(), stream -> {
                accepted = stream;
                return Mono.never();
            }));
    private final StreamProbe receiving = StreamProbe.of(nodes.session().openStream("elements", SMALL));

    @AfterEach
    void close() {
        nodes.close();
    }

    private StreamProbe sending() {
        return StreamProbe.of(Objects.requireNonNull(accepted));
    }

    @Test
    void demandOfTheReceiverBecomesCreditAndDemandOfTheSender() {
        ReceiveProbe<byte[]> received = receiving.receive(Codec.bytes());
        SendProbe<byte[]> sent = sending().send(Codec.bytes());
        for (int i = 0; i < 20; i++) {
            sent.emit(ELEMENT);
        }

        assertThat(sending().sent()).isEqualTo(10);
        assertThat(sending().creditRemaining()).isEqualTo(24);
        assertThat(sending().windowBytes()).isEqualTo(1_024);
        assertThat(sending().stalls()).isPositive();
        assertThat(receiving.arrived()).isEqualTo(10);
        assertThat(receiving.held()).isEqualTo(10);
        assertThat(receiving.consumed()).isZero();
        assertThat(sent.taken()).isBetween(10L, 19L);
        assertThat(sent.waiting()).isEqualTo(20 - sent.taken());
        assertThat(received.requested()).isZero();
        assertThat(received.received()).isEmpty();

        received.request(5);
        assertThat(received.requested()).isEqualTo(5);
        assertThat(received.outstanding()).isZero();
        assertThat(received.received()).hasSize(5);
        assertThat(receiving.consumed()).isEqualTo(5);
        assertThat(sending().sent()).isEqualTo(15);

        received.request(Long.MAX_VALUE);
        assertThat(received.outstanding()).isEqualTo(Long.MAX_VALUE);
        assertThat(received.received()).hasSize(20);
        assertThat(sent.waiting()).isZero();
        assertThat(sent.outstanding()).isPositive().isEqualTo(sent.requested() - 20);
    }

    @Test
    void completionIsDoneWhenEverythingWasConsumed() {
        ReceiveProbe<String> received = receiving.receive(Codec.utf8());
        SendProbe<String> sent = sending().send(Codec.utf8()).emit("one", "two");
        sent.complete();
        assertThat(sent.isDone()).isFalse();

        received.request(2);
        assertThat(received.received()).containsExactly("one", "two");
        assertThat(received.isCompleted()).isTrue();
        assertThat(sent.isDone()).isTrue();
        assertThat(sent).hasToString("sent 2 of " + sent.requested() + " requested, completed, 0 waiting, done");
    }

    @Test
    void cancelCancelsThePublisherAtThePeer() {
        ReceiveProbe<String> received = receiving.receive(Codec.utf8());
        SendProbe<String> sent = sending().send(Codec.utf8());
        received.cancel();

        assertThat(received.isCancelled()).isTrue();
        assertThat(sent.isCancelled()).isTrue();
        assertThat(sent.error()).isInstanceOf(StreamStopped.class);
        assertThatThrownBy(() -> sent.emit("more")).isInstanceOf(Sinks.EmissionException.class);
    }

    @Test
    void failureAndCancellationOfTheSenderResetTheHalf() {
        ReceiveProbe<String> received = receiving.receive(Codec.utf8());
        SendProbe<String> sent = sending().send(Codec.utf8());
        sent.fail(new IllegalStateException("out of words"));
        assertThat(received.error()).isInstanceOf(StreamReset.class);
        assertThat(sent.error()).hasMessage("out of words");

        PeerStream second = nodes.session().openStream("elements", SMALL);
        ReceiveProbe<String> again = StreamProbe.of(second).receive(Codec.utf8());
        sending().send(Codec.utf8()).cancel();
        assertThat(again.error()).isInstanceOf(StreamReset.class);
        assertThat(again.toString()).startsWith("received 0 of 0 requested, failed with");
    }

    @Test
    void fluxProbeCountsWhatTheSendingHalfAsksOfAPublisher() {
        ReceiveProbe<Integer> received = receiving.receive(Codec.json(Integer.class));
        FluxProbe<Integer> numbers = FluxProbe.of(Flux.range(0, 10_000));
        sending().stream().send(numbers.flux(), Codec.json(Integer.class)).subscribe();

        assertThat(numbers.subscribed()).isEqualTo(1);
        assertThat(numbers.emitted()).isBetween(50L, 100L);
        assertThat(numbers.requested()).isBetween(numbers.emitted(), 400L);
        assertThat(numbers.outstanding()).isEqualTo(numbers.requested() - numbers.emitted());
        assertThat(numbers.isCompleted()).isFalse();

        received.request(Long.MAX_VALUE);
        assertThat(numbers.isCompleted()).isTrue();
        assertThat(numbers.emitted()).isEqualTo(10_000);
        assertThat(received.received()).hasSize(10_000);
    }
}
