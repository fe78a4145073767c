package io.weir.core.message;

import static io.weir.core.message.MessageSide.bytes;
import static io.weir.core.message.MessageSide.settle;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.credit.MemoryBudget;
import io.weir.core.credit.MemoryPool;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.message.MessageSide.Asking;
import io.weir.core.message.MessageSide.Sending;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a table lets go of, and when it says that there is something to write. */
class MessageReleasesTest {

    private static final int WINDOW = 4_096;
    private static final CloseReason LOST = CloseReason.local(ErrorCode.LINK_LOST);

    private final MessageSide a = new MessageSide(MessageSide.settings(WINDOW));
    private final MessageSide b = new MessageSide(MessageSide.settings(WINDOW));

    @BeforeEach
    void introduce() {
        MessageSide.introduce(a, b);
    }

    // ---- what is let go

    @Test
    void aRequestGivenUpBeforeItWasWrittenCountsForNothingAnyMore() {
        for (int i = 0; i < 64; i++) { // as many as may be outstanding
            Asking asking = a.ask("r", bytes(100));
            assertThat(asking.refusal).isNull();
            a.table.cancel(asking.request);
            assertThat(asking.request.released()).as("its body").isTrue();
            assertThat(asking.request.over()).isTrue();
        }
        assertThat(a.table.outstanding()).isZero();
        assertThat(a.table.queuedBytes()).isZero();
        assertThat(a.table.isIdle()).isTrue();
        assertThat(a.ask("r", bytes(100)).refusal).isNull();
    }

    @Test
    void aRequestThatIsAnsweredLetsGoOfItsBodyWhenItIsWritten() {
        Asking asking = a.ask("r", bytes(1_000));
        a.writeAll();
        assertThat(asking.request.released()).isTrue();
        assertThat(a.table.queuedBytes()).isZero();
    }

    @Test
    void theEndOfTheSessionLetsGoOfEverything() {
        Asking answered = a.ask("r", bytes(10));
        settle(a, b);
        IncomingRequest reply = b.asked.get(0);
        reply.reply(bytes(1_000)); // not written
        Asking half = a.ask("r", bytes(2_000));
        a.writeRecord(200);
        Asking queued = a.ask("r", bytes(3_000));
        Sending waiting = a.send("m", bytes(100));
        assertThat(a.table.queuedBytes()).isPositive();

        a.table.close(LOST);
        b.table.close(LOST);

        assertThat(List.of(half.request.released(), queued.request.released(), waiting.message.released()))
                .as("bodies of what was half written, queued, and sent one way")
                .containsOnly(true);
        assertThat(reply.released()).as("the answer that was not written").isTrue();
        assertThat(a.table.queuedBytes()).isZero();
        assertThat(a.table.outstanding()).isZero();
        assertThat(a.table.isIdle()).isTrue();
        assertThat(List.of(answered.ends(), half.ends(), queued.ends(), waiting.failures.size()))
                .as("each is told once")
                .containsOnly(1);
        assertThat(a.table.hasMessages() || a.table.hasControl() || b.table.hasMessages())
                .isFalse();
    }

    @Test
    void theEndOfTheSessionForgetsPartsAndRefusalsThatAreNotAnswered() {
        MessageSide busy = new MessageSide(new MessageSettings(WINDOW, WINDOW, 64, 1 << 20, 64), 0);
        busy.table.onPeerHello(a.table.ownHello(Hello.defaults()));
        assertThat(busy.receive(MessageSide.whole(MessageType.REQUEST, 1, "r", bytes(1))))
                .isNull();
        assertThat(busy.receive(MessageSide.fragment(MessageType.ONE_WAY, 2, 0, 2, bytes(64))))
                .isNull();
        assertThat(busy.table.isIdle()).isFalse();

        busy.table.close(LOST);

        assertThat(busy.table.isIdle()).isTrue();
    }

    @Test
    void theEndOfTheSessionForgetsThatAReplyWasCutOff() {
        Asking asking = a.ask("r", bytes(1));
        settle(a, b);
        b.asked.get(0).reply(bytes(3_000));
        b.writeRecord(100);
        a.table.cancel(asking.request);
        a.writeAll();
        MessageSide.deliver(a, b);
        assertThat(b.table.isIdle()).isFalse();

        b.table.close(LOST);

        assertThat(b.table.isIdle()).isTrue();
    }

    @Test
    void aReplyThatIsCancelledBeforeItIsWrittenIsLetGo() {
        Asking asking = a.ask("r", bytes(1));
        settle(a, b);
        b.asked.get(0).reply(bytes(3_000));
        a.table.cancel(asking.request);
        a.writeAll();
        MessageSide.deliver(a, b);

        assertThat(b.asked.get(0).released()).isTrue();
    }

    /** The last one that was taken before going away is in part here, and it is answered; only later ones are dropped. */
    @Test
    void aCancelOfTheLastRequestTakenIsAnswered() {
        Asking asking = a.ask("r", bytes(1_000));
        a.writeRecord(100);
        MessageSide.deliver(a, b);
        assertThat(b.table.goAway()).isEqualTo(1);

        a.table.cancel(asking.request);
        settle(a, b);

        assertThat(b.table.dropped()).isZero();
        assertThat(a.table.outstanding()).isZero();
        MessageSide.assertNothingIsLeft(a, b);
    }

    @Test
    void aGoawayLetsGoOfWhatWasNotBegun() {
        a.ask("r", bytes(WINDOW - 17)); // takes all credit
        a.writeAll();
        Asking queued = a.ask("r", bytes(3_000));
        Sending waiting = a.send("m", bytes(100));

        a.table.onPeerGoaway(1);

        assertThat(queued.request.released()).isTrue();
        assertThat(waiting.message.released()).isTrue();
        assertThat(a.table.queuedBytes()).isZero();
        assertThat(a.table.outstanding()).as("the one that was asked").isEqualTo(1);
    }

    @Test
    void aGoawayThatNamesWhatWasNeverSentIsAViolation() {
        a.ask("r", bytes(10));
        a.writeAll();
        assertThat(a.table.onPeerGoaway(2)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(a.table.onPeerGoaway(1)).isNull();
    }

    @Test
    void theEndOfTheSessionGivesBackWhatTheWindowsHadGrown() {
        Growing side = new Growing(1 << 20);
        side.needs(20_000);
        side.a.writeAll();
        assertThat(side.budget.reserved()).isPositive();

        side.needsReplies(30_000);
        side.a.writeAll();
        assertThat(side.granted()).containsExactly(20_000L, 30_000L);

        side.a.table.close(LOST);

        assertThat(side.budget.reserved()).isZero();
        assertThat(side.a.receive(MessageSide.whole(MessageType.ONE_WAY, 1, "m", bytes(1))))
                .as("what still comes is dropped")
                .isNull();
        assertThat(side.a.oneWays).isEmpty();
    }

    // ---- memory that comes late

    @Test
    void aPeerForWhichThereWasNoMemoryIsGrantedItOnceThereIs() {
        Growing side = new Growing(100_000);
        side.budget.tryReserve(100_000);
        side.needs(20_000);
        side.a.writeAll();
        assertThat(side.a.shortages).as("asked to be told").isPositive();
        assertThat(side.granted()).isEmpty();

        side.a.table.onMemoryFreed();
        assertThat(side.a.shortages).as("and again, while there is none").isGreaterThan(1);

        side.budget.release(100_000);
        int wakes = side.a.wakes;
        side.a.table.onMemoryFreed();
        assertThat(side.a.wakes).isEqualTo(wakes + 1);
        side.a.writeAll();
        assertThat(side.granted()).contains(20_000L);
    }

    @Test
    void aPeerWhoseAnswerNeedsMemoryIsGrantedItOnceThereIs() {
        Growing side = new Growing(100_000);
        side.budget.tryReserve(100_000);
        side.needsReplies(20_000);
        side.a.records.clear();
        side.a.writeAll();
        assertThat(side.a.shortages).isPositive();

        side.budget.release(100_000);
        side.a.table.onMemoryFreed();

        side.a.writeAll();
        assertThat(side.granted()).containsExactly(20_000L);
    }

    @Test
    void tellsThatARepliesWindowIsTooSmall() {
        a.ask("r", bytes(1));
        a.ask("r", bytes(1));
        settle(a, b);
        b.asked.get(0).reply(bytes(3_000));
        b.asked.get(1).reply(bytes(3_000));
        b.out.reset();
        b.table.write(b.out, WINDOW);
        assertThat(b.table.hasMessages()).isFalse();

        assertThat(b.table.hasControl()).isTrue();
        b.writeAll();
        assertThat(b.written()).containsExactly(new CreditFrame.Blocked(CreditFrame.REPLIES_HANDLE, 6_032, 3_016));
        assertThat(b.table.hasControl()).isFalse();
        assertThat(b.table.peerReplyWindow()).isEqualTo(WINDOW);
    }

    // ---- when there is something to write

    @Test
    void tellsItsHostOfEachThingThatCanBeWritten() {
        assertWakes(a, () -> a.ask("r", bytes(10)));
        assertWakes(a, () -> a.send("m", bytes(10)));
        assertWakes(b, () -> b.asked.get(0).reply(bytes(10)));
        Asking asked = a.ask("r", bytes(10));
        assertWakes(a, () -> a.table.cancel(asked.request));
    }

    @Test
    void tellsItsHostOfARefusalThatIsDue() {
        MessageSide busy = new MessageSide(new MessageSettings(WINDOW, WINDOW, 64, 1 << 20, 64), 0);
        busy.table.onPeerHello(a.table.ownHello(Hello.defaults()));

        assertWakes(busy, () -> busy.receive(MessageSide.whole(MessageType.REQUEST, 1, "r", bytes(1))));
    }

    @Test
    void tellsItsHostWhenAMessageThatIsTakenLetsTheNextBeGranted() {
        a.send("m", bytes(2_000));
        settle(a, b);

        assertWakes(b, () -> b.oneWays.get(0).taken());
    }

    @Test
    void tellsItsHostWhenCreditComes() {
        Sending first = a.send("m", bytes(WINDOW - 17));
        Sending second = a.send("m", bytes(100));
        a.writeAll();
        MessageSide.deliver(a, b);
        assertThat(List.of(first.written, second.written)).containsExactly(1, 0);
        b.oneWays.get(0).taken();
        b.writeAll();

        int wakes = a.wakes;
        MessageSide.deliver(b, a);

        assertThat(a.wakes).isEqualTo(wakes + 1);
    }

    @Test
    void tellsItsHostWhenAPeerThatIsBlockedCanBeGrantedLessThanAQuarter() {
        a.send("m", bytes(10));
        settle(a, b);
        b.oneWays.get(0).taken();
        assertThat(b.table.hasControl()).isFalse();

        assertWakes(b, () -> b.receive(new CreditFrame.Blocked(CreditFrame.REQUESTS_HANDLE, WINDOW + 1, WINDOW)));
    }

    @Test
    void tellsItsHostWhenAnAnswerLetsTheNextBeGranted() {
        a.ask("r", bytes(10));
        settle(a, b);
        b.asked.get(0).reply(bytes(2_000));
        b.writeAll();

        int wakes = a.wakes;
        MessageSide.deliver(b, a);

        assertThat(a.wakes).isEqualTo(wakes + 1);
        assertThat(a.table.hasControl()).isTrue();
    }

    private void assertWakes(MessageSide side, Runnable what) {
        settle(a, b);
        int wakes = side.wakes;
        what.run();
        assertThat(side.wakes).isEqualTo(wakes + 1);
        settle(a, b);
    }

    /** A side whose window for requests grows from 1 KiB to 64 KiB within a budget, and what it grants. */
    private static final class Growing {
        final MemoryBudget budget;
        final MessageSide a;

        Growing(long budgetBytes) {
            budget = new MemoryBudget(budgetBytes, MemoryPool.unbounded());
            a = new MessageSide(MessageSide.settings(1_024).withLargest(64 * 1_024, 64 * 1_024), budget);
            a.table.onPeerHello(a.table.ownHello(Hello.defaults()));
        }

        void needs(long limit) {
            assertThat(a.receive(new CreditFrame.Blocked(CreditFrame.REQUESTS_HANDLE, limit, 0)))
                    .isNull();
        }

        /** There is a request whose answer needs it. */
        void needsReplies(long limit) {
            a.ask("r", bytes(1));
            a.writeAll();
            assertThat(a.receive(new CreditFrame.Blocked(CreditFrame.REPLIES_HANDLE, limit, 0)))
                    .isNull();
        }

        List<Long> granted() {
            List<Long> limits = new ArrayList<>();
            for (Frame frame : a.written()) {
                if (frame instanceof CreditFrame.Window window) {
                    limits.add(window.limit());
                }
            }
            return limits;
        }
    }
}
