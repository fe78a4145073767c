package io.weir.core.message;

import static io.weir.core.message.MessageSide.bytes;
import static io.weir.core.message.MessageSide.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.message.MessageSide.Asking;
import io.weir.core.message.MessageSide.Sending;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageFrame;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests, replies and one-way messages of two tables that keep to the rules, and what a table refuses. */
class MessageTableTest {

    private static final int WINDOW = 4_096;

    private final MessageSide a = new MessageSide(MessageSide.settings(WINDOW));
    private final MessageSide b = new MessageSide(MessageSide.settings(WINDOW));

    @BeforeEach
    void introduce() {
        MessageSide.introduce(a, b);
    }

    // ---- requests and replies

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 65, 128, 129, 1_000, WINDOW - 17})
    void aRequestIsRepliedTo(int length) {
        Asking asking = a.ask("r", bytes(length));
        settle(a, b);

        assertThat(b.asked).hasSize(1);
        assertThat(b.asked.get(0).name()).isEqualTo("r");
        assertThat(b.askedBodies.get(0)).isEqualTo(bytes(length));
        assertThat(b.asked.get(0).reply(bytes(length))).isNull();
        settle(a, b);

        assertThat(asking.replies).containsExactly(bytes(length));
        assertThat(asking.missing).isEmpty();
        assertThat(asking.request.over()).isTrue();
        MessageSide.assertNothingIsLeft(a, b);
    }

    @Test
    void aRequestCarriesItsHeaders() {
        Headers headers = Headers.of("trace", "17").with("tenant", new byte[] {1, 2});
        a.table.request(new OutgoingRequest("r", headers, ByteBuffer.wrap(bytes(300)), new Asking("r", bytes(0))));
        settle(a, b);

        assertThat(b.asked.get(0).headers()).isEqualTo(headers);
        b.asked.get(0).reply(bytes(0));
        settle(a, b);
        MessageSide.assertNothingIsLeft(a, b);
    }

    @Test
    void aRequestThatFailsHasTheCodeAtItsListener() {
        Asking asking = a.ask("r", bytes(3));
        settle(a, b);
        b.asked.get(0).fail(ErrorCode.NO_HANDLER);
        settle(a, b);

        assertThat(asking.missing).containsExactly(CloseReason.remote(ErrorCode.NO_HANDLER));
        assertThat(asking.replies).isEmpty();
        MessageSide.assertNothingIsLeft(a, b);
    }

    @Test
    void onlyTheFirstAnswerCounts() {
        Asking asking = a.ask("r", bytes(3));
        settle(a, b);
        IncomingRequest request = b.asked.get(0);
        request.reply(bytes(1));
        request.reply(bytes(2));
        request.fail(ErrorCode.INTERNAL);
        settle(a, b);
        request.reply(bytes(3));
        settle(a, b);

        assertThat(asking.ends()).isEqualTo(1);
        assertThat(asking.replies).containsExactly(bytes(1));
        assertThat(a.table.duplicates()).isZero();
    }

    @Test
    void aSmallRequestPinsNoRecordAndALargeOneIsNotCopied() {
        a.ask("r", bytes(10));
        a.ask("r", bytes(1_000));
        settle(a, b);

        assertThat(b.asked.get(0).array()).isEqualTo(bytes(10));
        IncomingRequest large = b.asked.get(1);
        assertThat(large.array()).hasSizeBetween(1_001, 2_000);
        assertThat(Bytes.view(large.array(), large.offset(), large.length())).isEqualTo(Bytes.copyOf(bytes(1_000)));
    }

    @Test
    void theCallersBytesAreLetGoOnceTheyAreWritten() {
        Asking whole = a.ask("r", bytes(10));
        Asking inParts = a.ask("r", bytes(100));
        a.writeRecord(80);
        assertThat(whole.request.released()).isTrue();
        assertThat(inParts.request.released()).isFalse();
        settle(a, b);
        assertThat(inParts.request.released()).isTrue();

        b.asked.get(0).reply(bytes(10));
        assertThat(b.asked.get(0).released()).isFalse();
        settle(a, b);
        assertThat(b.asked.get(0).released()).isTrue();
    }

    @Test
    void aReplyMayBeGivenFromWithinTheHandler() {
        MessageSide echo = new MessageSide(MessageSide.settings(WINDOW)) {
            @Override
            public void onRequest(IncomingRequest request) {
                request.reply(request.array(), request.offset(), request.length());
            }
        };
        MessageSide.introduce(a, echo);
        Asking asking = a.ask("r", bytes(500));
        settle(a, echo);

        assertThat(asking.replies).containsExactly(bytes(500));
    }

    @Test
    void repliesComeInAnyOrder() {
        List<Asking> askings = List.of(a.ask("1", bytes(1)), a.ask("2", bytes(2)), a.ask("3", bytes(3)));
        settle(a, b);
        for (int i = 2; i >= 0; i--) {
            b.asked.get(i).reply(bytes(10 + i));
            settle(a, b);
        }

        for (int i = 0; i < 3; i++) {
            assertThat(askings.get(i).replies).containsExactly(bytes(10 + i));
        }
    }

    // ---- one-way messages and ids

    @Test
    void aOneWayMessageArrivesAndItsCreditReturnsWhenItIsTaken() {
        Sending sending = a.send("m", bytes(2_000));
        settle(a, b);

        assertThat(sending.written).isEqualTo(1);
        IncomingMessage message = b.oneWays.get(0);
        assertThat(message.name()).isEqualTo("m");
        assertThat(message.id()).isEqualTo(1);
        assertThat(b.oneWayBodies.get(0)).isEqualTo(bytes(2_000));
        assertThat(message.array()).isEmpty();
        assertThat(message.length()).isZero();
        assertThat(b.table.inbox().window().consumed()).isZero();

        message.taken();
        message.taken();
        assertThat(b.table.inbox().window().consumed()).isEqualTo(2_017);
        MessageSide.assertNothingIsLeft(a, b);
    }

    @Test
    void idsRiseFromOneInTheOrderInWhichMessagesBegin() {
        a.send("m", bytes(1));
        Asking large = a.ask("r", bytes(200));
        Asking small = a.ask("r", bytes(1));
        assertThat(large.request.id()).isZero();
        a.send("m", bytes(1));
        a.writeAll();

        assertThat(large.request.id()).isEqualTo(2);
        assertThat(small.request.id()).isEqualTo(3);
        assertThat(a.written())
                .extracting(frame -> ((MessageFrame) frame).replyId() + "." + ((MessageFrame) frame).packetId())
                .containsExactly("1.0", "2.0", "3.0", "4.0", "2.1", "2.2", "2.3");
    }

    // ---- refusals of this side

    @Test
    void aMessageThatCostsMoreThanThePeersWindowIsRefused() {
        Asking fits = a.ask("r", bytes(WINDOW - 17));
        Asking beyond = a.ask("r", bytes(WINDOW - 16));
        Sending message = a.send("m", bytes(WINDOW - 16));

        assertThat(fits.refusal).isNull();
        assertThat(beyond.refusal).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
        assertThat(beyond.request.cost()).isEqualTo(WINDOW + 1).isGreaterThan(a.table.peerRequestWindow());
        assertThat(message.refusal).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
        assertThat(a.table.outstanding()).isEqualTo(1);
    }

    @Test
    void aPeerWithoutAWindowTakesNoMessages() {
        a.table.onPeerHello(Hello.defaults());
        MessageSide lonely = new MessageSide(MessageSide.settings(WINDOW));
        lonely.table.onPeerHello(Hello.defaults().withRequestWindow(0).withReplyWindow(0));

        assertThat(lonely.ask("r", bytes(0)).refusal).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
    }

    @Test
    void tooManyPacketsAreTooLarge() {
        MessageSide wide = new MessageSide(MessageSide.settings(1 << 30));
        wide.table.onPeerHello(Hello.defaults().withRequestWindow(1 << 30));

        assertThat(wide.ask("r", new byte[64 * 0xFFFF]).refusal).isNull();
        assertThat(wide.ask("r", new byte[64 * 0xFFFF + 1]).refusal).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
    }

    @Test
    void requestsWithoutAnAnswerAreLimited() {
        for (int i = 0; i < 64; i++) {
            assertThat(a.ask("r", bytes(1)).refusal).isNull();
        }
        assertThat(a.ask("r", bytes(1)).refusal).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);

        settle(a, b);
        assertThat(b.asked).hasSize(16);
        assertThat(a.table.outstanding()).isEqualTo(16); // the others were answered BUSY
        b.asked.get(0).reply(bytes(1));
        settle(a, b);
        assertThat(a.table.outstanding()).isEqualTo(15);
        assertThat(a.ask("r", bytes(1)).refusal).isNull();
    }

    @Test
    void aRefusedRequestMayBeGivenAgain() {
        for (int i = 0; i < 64; i++) {
            a.ask("r", bytes(1));
        }
        Asking late = a.ask("r", bytes(5));
        assertThat(late.refusal).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
        settle(a, b);

        assertThat(a.table.request(late.request)).isNull();
        b.asked.forEach(request -> request.reply(bytes(1)));
        settle(a, b);
        b.asked.get(16).reply(bytes(7));
        settle(a, b);
        assertThat(late.replies).containsExactly(bytes(7));
    }

    @Test
    void bytesThatWaitToBeWrittenAreLimited() {
        MessageSide small = new MessageSide(new MessageSettings(WINDOW, WINDOW, 64, 100, 64));
        MessageSide.introduce(small, b);

        assertThat(small.send("m", bytes(1_000)).refusal).isNull(); // nothing waits: one is taken however large
        assertThat(small.send("m", bytes(0)).refusal).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
        small.writeAll();
        assertThat(small.table.queuedBytes()).isZero();
        assertThat(small.send("m", bytes(33)).refusal).isNull();
        assertThat(small.send("m", bytes(33)).refusal).isNull();
        assertThat(small.table.queuedBytes()).isEqualTo(100);
        assertThat(small.ask("", bytes(0)).refusal).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
    }

    @Test
    void aRequestIsForOneUse() {
        Asking asking = a.ask("r", bytes(1));
        Sending sending = a.send("m", bytes(1));

        assertThatIllegalStateException().isThrownBy(() -> a.table.request(asking.request));
        assertThatIllegalStateException().isThrownBy(() -> a.table.send(sending.message));
    }

    @Test
    void nothingCanBeSentBeforeThePeersHello() {
        MessageSide early = new MessageSide(MessageSide.settings(WINDOW));

        assertThatIllegalStateException()
                .isThrownBy(() -> early.ask("r", bytes(1)))
                .withMessageContaining("HELLO");
    }

    @Test
    void aNameThatIsNoNameIsTheCallersBug() {
        assertThatIllegalArgumentException().isThrownBy(() -> a.ask("n".repeat(256), bytes(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> a.send("\uD800", bytes(1)));
        assertThat(a.ask("n".repeat(255), bytes(1)).refusal).isNull();
    }

    // ---- replies that cannot be

    @Test
    void aReplyThatDoesNotFitIsAnsweredByAnError() {
        Asking tooLarge = a.ask("1", bytes(1));
        Asking fits = a.ask("2", bytes(1));
        settle(a, b);

        assertThat(b.asked.get(0).reply(bytes(WINDOW - 15))).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
        assertThat(b.asked.get(1).reply(bytes(WINDOW - 16))).isNull();
        settle(a, b);

        assertThat(tooLarge.missing).containsExactly(CloseReason.remote(ErrorCode.PAYLOAD_TOO_LARGE));
        assertThat(fits.replies).hasSize(1);
        MessageSide.assertNothingIsLeft(a, b);
    }

    @Test
    void repliesThatWaitAreLimitedInBytes() {
        MessageSide small = new MessageSide(new MessageSettings(WINDOW, WINDOW, 64, 100, 64));
        MessageSide.introduce(a, small);
        List<Asking> askings = List.of(a.ask("1", bytes(1)), a.ask("2", bytes(1)), a.ask("3", bytes(1)));
        settle(a, small);

        assertThat(small.asked.get(0).reply(bytes(34))).isNull();
        assertThat(small.asked.get(1).reply(bytes(35))).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
        assertThat(small.asked.get(2).reply(bytes(17))).isNull(); // the error costs 17
        settle(a, small);

        assertThat(askings.get(1).missing).containsExactly(CloseReason.remote(ErrorCode.TOO_MANY_REQUESTS));
        assertThat(askings.get(2).replies).hasSize(1);
    }

    // ---- bounds of the peer's requests

    @Test
    void requestsBeyondTheLimitAreAnsweredBusyAndNeverRun() {
        for (int i = 0; i < 16; i++) {
            a.ask("r", bytes(1));
        }
        Asking beyond = a.ask("r", bytes(1));
        Asking beyondInParts = a.ask("r", bytes(200));
        settle(a, b);

        assertThat(b.asked).hasSize(16);
        assertThat(b.table.inFlight()).isEqualTo(16);
        assertThat(beyond.missing).containsExactly(CloseReason.remote(ErrorCode.BUSY));
        assertThat(beyondInParts.missing).containsExactly(CloseReason.remote(ErrorCode.BUSY));
        assertThat(b.table.refused()).isEqualTo(2);
        b.asked.forEach(request -> request.reply(bytes(1)));
        settle(a, b);
        MessageSide.assertNothingIsLeft(a, b);
    }

    @Test
    void aPlaceIsFreeOnlyWhenTheAnswerWasWritten() {
        for (int i = 0; i < 16; i++) {
            a.ask("r", bytes(1));
        }
        settle(a, b);
        b.asked.get(0).reply(bytes(1));
        a.ask("r", bytes(1));
        a.writeAll();
        MessageSide.deliver(a, b);
        assertThat(b.table.refused()).isEqualTo(1);

        settle(a, b);
        a.ask("r", bytes(1));
        settle(a, b);
        assertThat(b.asked).hasSize(17);
    }

    @Test
    void requestCreditReturnsOnlyWhenTheAnswerWasWritten() {
        a.ask("r", bytes(1_000));
        settle(a, b);
        b.asked.get(0).reply(bytes(1));
        assertThat(b.table.inbox().window().consumed()).isZero();

        b.writeAll();
        assertThat(b.table.inbox().window().consumed()).isEqualTo(1_017);
    }

    // ---- settings

    @ParameterizedTest
    @CsvSource({
        "31, 32, 1, 0, 64, requestWindow is 31; legal: 32 to 1073741824",
        "32, 1073741825, 1, 0, 64, replyWindow is 1073741825; legal: 32 to 1073741824",
        "32, 32, 0, 0, 64, maxOutstanding is 0; legal: 1 to 65535",
        "32, 32, 65536, 0, 64, maxOutstanding is 65536; legal: 1 to 65535",
        "32, 32, 1, -1, 64, maxQueuedBytes is -1; legal: 0 to 1099511627776",
        "32, 32, 1, 0, 63, fragmentBytes is 63; legal: 64 to 32768",
        "32, 32, 1, 0, 32769, fragmentBytes is 32769; legal: 64 to 32768",
    })
    void settingsOutOfRangeAreRefused(
            long requestWindow,
            long replyWindow,
            int maxOutstanding,
            long maxQueuedBytes,
            int fragmentBytes,
            String problem) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new MessageSettings(requestWindow, replyWindow, maxOutstanding, maxQueuedBytes, fragmentBytes))
                .withMessage(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "4999, 6000, largestRequest is 4999; legal: 5000 to 1073741824",
        "5000, 5999, largestReply is 5999; legal: 6000 to 1073741824",
        "1073741825, 6000, largestRequest is 1073741825; legal: 5000 to 1073741824",
    })
    void largestMessagesOutOfRangeAreRefused(long request, long reply, String problem) {
        MessageSettings settings = new MessageSettings(5_000, 6_000, 1, 0, 64);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.withLargest(request, reply))
                .withMessage(problem);
    }

    @Test
    void theHelloTellsBothWindowsAndHowFarTheyGrow() {
        MessageSide side = new MessageSide(new MessageSettings(5_000, 6_000, 1, 0, 64).withLargest(7_000, 8_000));
        Hello hello = side.table.ownHello(Hello.defaults());

        assertThat(hello.requestWindow()).isEqualTo(5_000);
        assertThat(hello.replyWindow()).isEqualTo(6_000);
        assertThat(hello.largestRequest()).isEqualTo(7_000);
        assertThat(hello.largestReply()).isEqualTo(8_000);
    }
}
