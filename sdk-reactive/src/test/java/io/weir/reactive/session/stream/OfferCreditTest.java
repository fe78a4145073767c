package io.weir.reactive.session.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.weir.core.error.PayloadTooLargeException;
import io.weir.reactive.TrySend;
import org.junit.jupiter.api.Test;

class OfferCreditTest {

    private final OfferCredit credit = new OfferCredit(100);

    @Test
    void whatWasAcceptedBeforeTheCloseIsWaitedFor() {
        assertThat(credit.reserve(4)).isEqualTo(TrySend.OK);

        credit.close();

        assertThat(credit.isClosedAt(0)).as("the element is on its way").isFalse();
        assertThat(credit.isClosedAt(20)).isTrue();
    }

    @Test
    void nothingIsAcceptedAfterTheClose() {
        credit.close();
        credit.close();

        assertThat(credit.reserve(0)).isEqualTo(TrySend.NOT_CONNECTED);
        assertThat(credit.reserve(1_000)).isEqualTo(TrySend.NOT_CONNECTED);
        assertThat(credit.isClosedAt(0)).isTrue();
    }

    @Test
    void isNotClosedBeforeItIs() {
        assertThat(credit.isClosedAt(0)).isFalse();
    }

    @Test
    void acceptsUpToTheLimitAndNoMore() {
        assertThat(credit.reserve(84)).isEqualTo(TrySend.OK);
        assertThat(credit.reserve(0)).isEqualTo(TrySend.BACKPRESSURE);

        credit.publish(116, 100);

        assertThat(credit.reserve(0)).isEqualTo(TrySend.OK);
        assertThat(credit.reserve(0)).isEqualTo(TrySend.BACKPRESSURE);
    }

    @Test
    void refusesForGoodWhatExceedsTheWindow() {
        assertThatExceptionOfType(PayloadTooLargeException.class).isThrownBy(() -> credit.reserve(85));
    }
}
