package io.weir.core.message;

import static io.weir.core.message.MessageSide.bytes;
import static io.weir.core.message.MessageSide.settle;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ApplicationException;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.message.MessageSide.Asking;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.ErrorDetail;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are answered with an error of the application. */
class ApplicationErrorAnswersTest {

    private static final int WINDOW = 4_096;
    private static final ApplicationException ERROR = new ApplicationException(42, "no such quote", bytes(100), true);

    private final MessageSide a = side(8_192);
    private final MessageSide b = side(8_192);

    ApplicationErrorAnswersTest() {
        introduce(a, b, Hello.APPLICATION_ERRORS);
    }

    private static MessageSide side(int packetBytes) {
        return new MessageSide(new MessageSettings(WINDOW, WINDOW, 64, 1 << 20, packetBytes));
    }

    private static void introduce(MessageSide a, MessageSide b, long features) {
        Hello base = Hello.defaults().withFeatures(features);
        a.table.onPeerHello(b.table.ownHello(base));
        b.table.onPeerHello(a.table.ownHello(base));
    }

    @Test
    void theRequesterHearsWhatTheApplicationSaid() {
        Hearing asking = ask(a);
        settle(a, b);
        b.asked.get(0).fail(ERROR);
        b.asked.get(0).fail(new ApplicationException(1, "too late"));
        settle(a, b);

        assertThat(asking.errors).singleElement().satisfies(heard -> {
            assertThat(heard.code()).isEqualTo(42);
            assertThat(heard.text()).isEqualTo("no such quote");
            assertThat(heard.payload()).isEqualTo(ByteBuffer.wrap(bytes(100)));
            assertThat(heard.reason().retryable()).isTrue();
        });
        assertThat(asking.asking.ends()).isZero();
        MessageSide.assertNothingIsLeft(a, b);
    }

    @Test
    void costsWhatItsBodyHasAndWaitsForThatCredit() {
        List<Hearing> askings = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            askings.add(ask(a));
        }
        settle(a, b);
        ApplicationException large = new ApplicationException(1, "", bytes(1_900));
        b.asked.forEach(request -> request.fail(large));
        b.writeAll();
        assertThat(errors(b)).as("two fit the window").isEqualTo(2);
        MessageSide.deliver(b, a);
        settle(a, b);

        assertThat(askings).allSatisfy(asking -> assertThat(asking.errors).hasSize(1));
        MessageSide.assertNothingIsLeft(a, b);
    }

    private static long errors(MessageSide side) {
        return side.written().stream()
                .filter(frame -> frame instanceof MessageFrame message && message.messageType() == MessageType.ERROR)
                .count();
    }

    @Test
    void whatIsMoreThanThePeerTakesIsTheNumberAlone() {
        Hearing asking = ask(a);
        settle(a, b);
        b.asked.get(0).fail(new ApplicationException(7, "text", bytes(WINDOW), true));
        settle(a, b);

        assertThat(asking.errors).singleElement().satisfies(heard -> {
            assertThat(heard.code()).isEqualTo(7);
            assertThat(heard.text()).isEmpty();
            assertThat(heard.payload().remaining()).isZero();
            assertThat(heard.reason().retryable()).isTrue();
        });
        MessageSide.assertNothingIsLeft(a, b);
    }

    /** An error is never cut up: it has to fit the packets of the carrier. */
    @Test
    void whatIsMoreThanOnePacketIsTheNumberAlone() {
        MessageSide here = side(128);
        MessageSide there = side(128);
        introduce(here, there, Hello.APPLICATION_ERRORS);
        Hearing asking = ask(here);
        settle(here, there);
        there.asked.get(0).fail(new ApplicationException(7, "", bytes(128)));
        settle(here, there);

        assertThat(asking.errors)
                .singleElement()
                .satisfies(heard -> assertThat(heard.payload().remaining()).isZero());
        MessageSide.assertNothingIsLeft(here, there);
    }

    @Test
    void aPeerThatKnowsNoSuchErrorsHearsOneOfTheTable() {
        MessageSide here = new MessageSide(MessageSide.settings(WINDOW));
        MessageSide there = new MessageSide(MessageSide.settings(WINDOW));
        introduce(here, there, 0);
        Hearing asking = ask(here);
        settle(here, there);
        there.asked.get(0).fail(ERROR);
        settle(here, there);

        assertThat(asking.errors).isEmpty();
        assertThat(asking.asking.missing).containsExactly(CloseReason.remote(ErrorCode.APPLICATION_ERROR));
    }

    @Test
    void whoDoesNotAskForMoreHearsTheReason() {
        Asking asking = a.ask("r", bytes(1));
        settle(a, b);
        b.asked.get(0).fail(ERROR);
        settle(a, b);

        assertThat(asking.missing).singleElement().satisfies(reason -> {
            assertThat(reason.code()).isEqualTo(0x1_002A);
            assertThat(reason.detail()).isEqualTo("no such quote");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 5, 6, 7})
    void aBodyThatIsCutOffIsMalformed(int length) {
        a.ask("r", bytes(1));
        a.writeAll();
        byte[] body = new ErrorDetail(false, "x", Bytes.empty()).encode(0x1_0000);
        assertThat(body).hasSize(8);
        Bytes cut = Bytes.copyOf(body, 0, length);

        assertThat(a.receive(new MessageFrame(MessageType.ERROR, 1, 0, 1, "", Headers.empty(), cut)))
                .isEqualTo(ErrorCode.MALFORMED_FRAME);
    }

    private static Hearing ask(MessageSide side) {
        Hearing hearing = new Hearing();
        assertThat(side.table.request(hearing.request)).isNull();
        return hearing;
    }

    /** A request whose listener wants to know what the application says. */
    private static final class Hearing implements RequestListener {
        final Asking asking = new Asking("r", bytes(1));
        final List<ApplicationException> errors = new ArrayList<>();
        final OutgoingRequest request = new OutgoingRequest("r", Headers.empty(), ByteBuffer.wrap(bytes(1)), this);

        @Override
        public void onReply(byte[] array, int offset, int length) {
            asking.onReply(array, offset, length);
        }

        @Override
        public void onMissing(CloseReason reason) {
            asking.onMissing(reason);
        }

        @Override
        public void onError(ApplicationException error) {
            errors.add(error);
        }
    }
}
