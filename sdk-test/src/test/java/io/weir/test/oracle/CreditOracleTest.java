package io.weir.test.oracle;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.stream.SendTimes;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamStats;
import org.junit.jupiter.api.Test;

/** Elements of 84 bytes, so of cost 100, and a window of 1,000. */
class CreditOracleTest {

    private final CreditOracle oracle =
            new CreditOracle("numbers", 1_000, StreamConfig.reliable().withFixedWindow(1_000));

    private void taken(int elements) {
        for (int i = 0; i < elements; i++) {
            oracle.taken(84);
        }
    }

    private void consumed(int elements) {
        for (int i = 0; i < elements; i++) {
            oracle.consumed(84);
        }
    }

    private static StreamStats sender(long sent, long credit) {
        return new StreamStats(sent, 0, 84 * sent, 0, 0, 0, true, 0, credit, 1_000, 0, 0, true, SendTimes.NONE);
    }

    private static StreamStats receiver(long received, long pending) {
        return new StreamStats(0, received, 0, 0, pending, 0, true, 0, 0, 0, 0, 0, true, SendTimes.NONE);
    }

    @Test
    void acceptsAWindowBeyondWhatWasConsumed() {
        taken(8);
        consumed(5);
        assertThatCode(() -> oracle.checkSettled(sender(8, 700), receiver(8, 3)))
                .doesNotThrowAnyException();
    }

    @Test
    void findsCreditThatNobodyCanHaveGiven() {
        taken(8);
        consumed(5);
        assertThatThrownBy(() -> oracle.check(sender(8, 701), receiver(8, 3)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the limit is 1501, above 1500");
    }

    @Test
    void countsNoneOfAnElementAsSentThatIsUnsentYet() {
        taken(8);
        consumed(5);
        StreamStats inPart =
                new StreamStats(8, 0, 84 * 7 + 44, 0, 0, 0, true, 0, 740, 1_000, 0, 0, true, SendTimes.NONE);
        assertThatCode(() -> oracle.check(inPart, receiver(7, 2))).doesNotThrowAnyException();
    }

    @Test
    void findsAGrantThatIsOneByteShort() {
        taken(8);
        consumed(8);
        assertThatThrownBy(() -> oracle.checkSettled(sender(8, 999), receiver(8, 0)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not a window of 1000 beyond the end of any element");
    }

    @Test
    void findsAGrantThatNeverCame() {
        taken(10);
        consumed(10);
        assertThatThrownBy(() -> oracle.checkSettled(sender(10, 100), receiver(10, 0)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("credit has leaked");
    }

    @Test
    void allowsAGrantToWaitForAQuarterOfTheWindow() {
        taken(8);
        consumed(8);
        assertThatCode(() -> oracle.checkSettled(sender(8, 800), receiver(8, 0)))
                .doesNotThrowAnyException();
    }

    @Test
    void findsElementsOnTheWay() {
        taken(2);
        assertThatThrownBy(() -> oracle.checkSettled(sender(2, 800), receiver(1, 1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("under way");
    }

    @Test
    void findsMoreReceivedThanSentAndMorePendingThanReceived() {
        taken(2);
        assertThatThrownBy(() -> oracle.check(sender(1, 900), receiver(2, 0))).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> oracle.check(sender(2, 800), receiver(2, 3))).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> oracle.check(sender(3, 700), receiver(2, 2))).isInstanceOf(AssertionError.class);
    }
}
