package io.weir.core.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.weir.core.credit.MemoryBudget;
import io.weir.core.credit.MemoryPool;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessageWindowTest {

    private static final long BASE = 1_024;
    private static final long LARGEST = 64 * 1_024;

    private final MemoryBudget budget = new MemoryBudget(1 << 20, MemoryPool.unbounded());
    private final MessageWindow window = new MessageWindow(CreditFrame.REQUESTS_HANDLE, BASE, LARGEST, budget);

    @Test
    void anIdleOneHoldsItsBaseOnly() {
        assertThat(window.limit()).isEqualTo(BASE);
        assertThat(window.grantDue()).isFalse();
        assertThat(budget.reserved()).isZero();
    }

    @Test
    void aPeerThatAsksGetsAtOnceWhatItsMessageNeeds() {
        window.onBlocked(20_000);

        assertThat(written()).isEqualTo(new CreditFrame.Window(1, 0, 20_000));
        assertThat(budget.reserved()).isEqualTo(20_000 - BASE);
        assertThat(window.onReceived(20_000)).isTrue();
    }

    @Test
    void whatIsNeededCountsFromWhatIsFinished() {
        budget.tryReserve(budget.maxBytes() / 2); // so that nothing is kept of the first
        use(20_000);
        written();

        window.onBlocked(30_000);

        assertThat(written()).isEqualTo(new CreditFrame.Window(1, 20_000, 30_000));
        assertThat(window.reserved()).isEqualTo(10_000);
    }

    @Test
    void whatIsHopedForCountsFromWhatIsFinishedToo() {
        use(20_000); // of which a quarter is kept

        window.onBlocked(35_000);

        assertThat(written()).isEqualTo(new CreditFrame.Window(1, 20_000, 35_000));
    }

    @Test
    void aGrantWaitsForARecordWithRoom() {
        window.onBlocked(20_000);

        assertThat(window.writeGrant(new FrameWriter(2, 2))).isFalse();

        assertThat(window.limit()).isEqualTo(BASE);
        assertThat(written()).isEqualTo(new CreditFrame.Window(1, 0, 20_000));
    }

    @Test
    void noMoreIsFinishedThanCame() {
        window.onReceived(100);
        window.onConsumed(60);

        assertThatIllegalStateException()
                .isThrownBy(() -> window.onConsumed(41))
                .withMessage("consuming 41 of 40 received");
        window.onConsumed(40);
    }

    @Test
    void givesBackWhatOneLargeMessageNeeded() {
        use(20_000);

        assertThat(window.reserved()).as("a quarter of it").isEqualTo(5_000);
        assertThat(budget.reserved()).isEqualTo(5_000 - BASE);
        assertThat(written()).isEqualTo(new CreditFrame.Window(1, 20_000, 25_000));
    }

    @Test
    void keepsNothingOfItWhileHalfOfTheMemoryIsTaken() {
        budget.tryReserve(budget.maxBytes() / 2);
        use(20_000);

        assertThat(window.reserved()).isEqualTo(BASE);
        assertThat(written()).isEqualTo(new CreditFrame.Window(1, 20_000, 20_000 + BASE));
    }

    @Test
    void keepsMoreOfWhatIsUsedAgainAndAgain() {
        for (int i = 0; i < 10; i++) {
            use(LARGEST);
            written();
        }

        assertThat(window.reserved()).isEqualTo(LARGEST);
        assertThat(window.limit() - window.consumed()).isEqualTo(LARGEST);
    }

    @Test
    void aPeerThatNeedsALittleMoreGetsTwiceWhatItHad() {
        window.onBlocked(BASE + 1);
        written();

        assertThat(window.limit()).isEqualTo(2 * BASE);
        assertThat(window.reserved()).isEqualTo(2 * BASE);
    }

    @Test
    void neverGrowsBeyondTheLargestMessage() {
        window.onBlocked(1L << 61);

        assertThat(written()).isEqualTo(new CreditFrame.Window(1, 0, LARGEST));
    }

    @Test
    void fallsBackToItsBaseWhileMemoryIsShort() {
        for (int i = 0; i < 10; i++) {
            use(LARGEST);
            written();
        }
        budget.tryReserve(budget.available() - 1_000);

        for (int i = 0; i < 256; i++) {
            assertThat(window.onReceived(BASE)).isTrue();
            window.onConsumed(BASE);
            written();
            assertThat(window.limit() - window.consumed()).isLessThanOrEqualTo(window.reserved());
        }

        assertThat(window.reserved()).isEqualTo(BASE);
    }

    @Test
    void requestsLeaveAQuarterOfTheMemoryToAnswers() {
        MessageWindow answers = new MessageWindow(CreditFrame.REPLIES_HANDLE, BASE, LARGEST, budget);
        budget.tryReserve((3 << 20) / 4);

        window.onBlocked(LARGEST);
        assertThat(written()).as("a modest window").isEqualTo(new CreditFrame.Window(1, 0, 4_096));
        window.onBlocked(LARGEST);
        assertThat(written()).isNull();
        assertThat(window.starved()).isTrue();

        answers.onBlocked(LARGEST);
        assertThat(written(answers)).isEqualTo(new CreditFrame.Window(2, 0, LARGEST));
    }

    @Test
    void whoWaitsForMemoryIsGrantedWhenItIsFree() {
        budget.tryReserve(1 << 20);
        window.onBlocked(20_000);
        assertThat(written()).isNull();
        assertThat(window.starved()).isTrue();
        assertThat(window.grantDue())
                .as("until somebody says that there is memory")
                .isFalse();

        budget.release(1 << 20);
        window.onMemoryFreed();

        assertThat(window.starved()).as("reserved before it is written").isFalse();
        assertThat(budget.reserved()).isEqualTo(20_000 - BASE);
        assertThat(written()).isEqualTo(new CreditFrame.Window(1, 0, 20_000));
        assertThat(window.starved()).isFalse();
    }

    @Test
    void whoWaitsForWhatMoreThanHalfOfTheMemoryIsTakenOfGetsJustThat() {
        budget.tryReserve(1 << 20);
        window.onBlocked(20_000);
        assertThat(written()).isNull();
        budget.release(300_000);

        window.onMemoryFreed();

        assertThat(window.starved()).isFalse();
        assertThat(window.reserved()).isEqualTo(20_000);
    }

    @Test
    void whoIsBlockedWithinItsWindowWaitsForNoMemory() {
        budget.tryReserve(1 << 20);
        window.onReceived(BASE);
        window.onConsumed(100);
        assertThat(written()).as("not a quarter").isNull();
        window.onBlocked(BASE + 100);

        assertThat(written()).isEqualTo(new CreditFrame.Window(1, 100, BASE + 100));
        assertThat(window.starved()).isFalse();
    }

    @Test
    void aBlockedThatAGrantHasMetIsOfNoInterest() {
        use(20_000);
        written();
        long limit = window.limit();

        window.onBlocked(limit - 1);
        window.onBlocked(limit);

        assertThat(window.grantDue()).isFalse();
        window.onReceived(100);
        window.onConsumed(100);
        assertThat(window.grantDue()).as("less than a quarter").isFalse();
    }

    @Test
    void aBlockedThatAGrantHasMetTakesNothingFromOneThatWaits() {
        window.onBlocked(20_000);
        window.onBlocked(BASE);

        assertThat(written()).isEqualTo(new CreditFrame.Window(1, 0, 20_000));
    }

    @Test
    void theEndGivesEverythingBackButTheBase() {
        window.onBlocked(20_000);
        written();
        window.onReceived(10_000);

        window.close();

        assertThat(budget.reserved()).isZero();
    }

    /** The peer asks for so much, and it is received and finished here. */
    private void use(long cost) {
        window.onBlocked(window.received() + cost);
        written();
        assertThat(window.onReceived(cost)).isTrue();
        window.onConsumed(cost);
    }

    private @Nullable Frame written() {
        return written(window);
    }

    private static @Nullable Frame written(MessageWindow window) {
        FrameWriter out = new FrameWriter(64, 64);
        assertThat(window.writeGrant(out)).isTrue();
        if (out.isEmpty()) {
            return null;
        }
        FrameReader in = new FrameReader();
        in.reset(out.array(), 0, out.position());
        assertThat(in.next()).isEqualTo(FrameReader.Kind.FRAME);
        return in.frame();
    }
}
