package io.weir.test.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamReset;
import io.weir.core.stream.Reliability;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class DeliveryTest {

    private final Delivery<String> reliable = Delivery.of("words", Reliability.RELIABLE);
    private final Delivery<String> unreliable = Delivery.of("words", Reliability.FIRE_AND_FORGET);

    @Test
    void acceptsWhatArrivesOnceAndInOrder() {
        reliable.sending(Flux.just("a", "b")).blockLast();
        reliable.receiving(Flux.just("a", "b")).blockLast();
        reliable.checkComplete();
        assertThat(reliable.received()).isEqualTo(2);
        assertThat(reliable.underWay()).isZero();
    }

    @Test
    void findsALostElementBehindWhichOthersArrive() {
        reliable.sending(Flux.just("a", "b")).blockLast();
        StepVerifier.create(reliable.receiving(Flux.just("b")))
                .verifyErrorMatches(
                        e -> e instanceof AssertionError && e.getMessage().contains("got b where a was next"));
    }

    @Test
    void findsALostElementAtTheEnd() {
        reliable.sent("a");
        assertThatThrownBy(reliable::checkComplete)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a");
    }

    @Test
    void findsAnElementThatAnErrorOfThePublisherHasOvertaken() {
        StreamReset error = new StreamReset(CloseReason.remote(ErrorCode.APPLICATION_ERROR));
        for (Delivery<String> delivery : List.of(reliable, unreliable)) {
            StepVerifier.create(delivery.sending(Flux.just("a", "b").concatWith(Flux.error(new Exception()))))
                    .expectNextCount(2)
                    .verifyError();
            StepVerifier.create(delivery.receiving(Flux.just("a").concatWith(Flux.error(error))))
                    .expectNext("a")
                    .verifyErrorMatches(
                            e -> e instanceof AssertionError && e.getMessage().contains("1 elements never arrived"));
        }
    }

    @Test
    void acceptsAResetThatLeavesElementsBehind() {
        StreamReset cancelled = new StreamReset(CloseReason.remote(ErrorCode.CANCELLED));
        reliable.sending(Flux.just("a", "b")).blockLast();
        StepVerifier.create(reliable.receiving(Flux.just("a").concatWith(Flux.error(cancelled))))
                .expectNext("a")
                .verifyErrorMatches(e -> e == cancelled);
    }

    @Test
    void findsADuplicate() {
        for (Delivery<String> delivery : List.of(reliable, unreliable)) {
            delivery.sent("a");
            delivery.received("a");
            assertThatThrownBy(() -> delivery.received("a")).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void countsTheGapsOfFireAndForgetAndFindsItsDisorder() {
        for (String word : new String[] {"a", "b", "c", "d"}) {
            unreliable.sent(word);
        }
        unreliable.received("c");
        assertThat(unreliable.gaps()).isEqualTo(2);
        assertThatThrownBy(() -> unreliable.received("b")).isInstanceOf(AssertionError.class);
    }

    @Test
    void comparesArraysByTheirContent() {
        Delivery<byte[]> bytes = Delivery.of("bytes", Reliability.RELIABLE);
        bytes.sent(new byte[] {1});
        bytes.sent(new byte[] {2});
        bytes.received(new byte[] {1});
        assertThatThrownBy(() -> bytes.received(new byte[] {3})).isInstanceOf(AssertionError.class);
    }
}
