package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.error.ApplicationException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application says of its error, in the body of a MESSAGE and behind CLOSE's code. */
class ErrorDetailTest {

    private static final long CODE = ErrorCode.FIRST_OF_APPLICATIONS + 42;
    private static final ErrorDetail DETAIL =
            new ErrorDetail(true, "größe \uD83D\uDE80", Bytes.copyOf(new byte[] {1, 2, 3}));

    @Test
    void comesBackAsItWasSaid() {
        byte[] body = DETAIL.encode(CODE);

        ErrorDetail.Body read = ErrorDetail.body(body, 0, body.length);

        assertThat(read).isEqualTo(new ErrorDetail.Body(CODE, DETAIL));
    }

    @Test
    void isWhatTheApplicationSaidOnTheOtherSide() {
        ApplicationException said = new ApplicationException(42, "no such quote", new byte[] {7}, true);

        ApplicationException heard =
                ErrorDetail.of(said).toException(said.reason().code());

        assertThat(heard.code()).isEqualTo(42);
        assertThat(heard.text()).isEqualTo("no such quote");
        assertThat(heard.payload()).isEqualTo(said.payload());
        assertThat(heard.reason().retryable()).isTrue();
        assertThat(heard.reason().origin()).isEqualTo(Origin.REMOTE);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0x21, 0xFFFF, 0x2_0000, VarInt.MAX})
    void nothingFollowsACodeThatIsNoApplications(long code) {
        byte[] body = ErrorDetail.NONE.encode(code);

        assertThat(body).hasSize(VarInt.length(code));
        assertThat(ErrorDetail.body(body, 0, body.length)).isEqualTo(new ErrorDetail.Body(code, ErrorDetail.NONE));
        assertThat(ErrorDetail.body(Arrays.copyOf(body, body.length + 1), 0, body.length + 1))
                .isNull();
    }

    @Test
    void isNoneWhereverItIsCutOff() {
        byte[] body = DETAIL.encode(CODE);
        for (int length = 0; length < body.length; length++) {
            assertThat(ErrorDetail.body(body, 0, length)).as("%d bytes", length).isNull();
        }
        byte[] longer = Arrays.copyOf(body, body.length + 1);
        assertThat(ErrorDetail.body(longer, 0, longer.length)).as("a byte more").isNull();
    }

    @Test
    void aCloseIsNoneWhereverItIsCutOff() {
        FrameWriter out = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
        out.write(new StreamFrame.Close(3, 100, 1, CODE, DETAIL));
        FrameReader in = new FrameReader();
        for (int length = 1; length < out.position(); length++) {
            assertThat(in.reset(out.array(), 0, length).next()).isEqualTo(FrameReader.Kind.MALFORMED);
            assertThat(in.error()).isEqualTo(ErrorCode.MALFORMED_FRAME);
        }
        assertThat(in.reset(out.array(), 0, out.position()).next()).isEqualTo(FrameReader.Kind.FRAME);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "80010000 02 00 00, unknown flags",
        "80010000 00 4401 00, a text of 1 KiB and a byte",
        "80010000 00 00 6001, a payload of 8 KiB and a byte",
        "80010000 00 bfffffff 00, a text beyond any memory",
        "80010000 00 00 ffffffffffffffff, a payload beyond any memory",
        "80010000 00 02 c080 00, a text that is none",
        "80010000 00 03 eda080 00, a lone surrogate"
    })
    void refusesWhatNoApplicationCanSay(String hex, String what) {
        byte[] said = HexFormat.of().parseHex(hex.replace(" ", ""));
        byte[] body = Arrays.copyOf(said, said.length + 10_000);

        assertThat(ErrorDetail.body(body, 0, body.length)).isNull();
        assertThat(ErrorDetail.body(said, 0, said.length)).isNull();
    }

    @Test
    void takesTheMostThatAnApplicationCanSay() {
        ErrorDetail most = new ErrorDetail(false, "t".repeat(1_024), Bytes.copyOf(new byte[8_192]));

        byte[] body = most.encode(ErrorCode.LAST_OF_APPLICATIONS);

        assertThat(ErrorDetail.body(body, 0, body.length))
                .isEqualTo(new ErrorDetail.Body(ErrorCode.LAST_OF_APPLICATIONS, most));
        assertThat(most.cost()).isEqualTo(16 + 1_024 + 8_192);
        assertThatThrownBy(() -> new ErrorDetail(false, "t".repeat(1_025), Bytes.empty()))
                .hasMessage("error text is 1025 bytes of UTF-8, must be 0 to 1024");
        assertThatThrownBy(() -> new ErrorDetail(false, "", Bytes.copyOf(new byte[8_193])))
                .hasMessage("error payload bytes is 8193, must be 0 to 8192");
    }

    @Test
    void costsNothingWithoutTextAndPayload() {
        assertThat(ErrorDetail.NONE.cost()).isZero();
        assertThat(DETAIL.withoutContent()).isEqualTo(new ErrorDetail(true, "", Bytes.empty()));
        assertThat(new ErrorDetail(false, "a", Bytes.empty()).cost()).isEqualTo(17);
    }

    @Test
    void aCloseCannotPromiseMoreThanItsFinalOffset() {
        int cost = DETAIL.cost();
        assertThat(new StreamFrame.Close(3, 16 + cost, 1, CODE, DETAIL).detail())
                .isEqualTo(DETAIL);
        assertThatThrownBy(() -> new StreamFrame.Close(3, 15 + cost, 1, CODE, DETAIL))
                .hasMessage("CLOSE elements and detail cost more than its final offset");
        assertThatThrownBy(() -> new StreamFrame.Close(3, cost - 1, 0, CODE, DETAIL))
                .hasMessage("CLOSE elements and detail cost more than its final offset");
        assertThatThrownBy(() -> new StreamFrame.Close(3, 100, 0, 0x21, DETAIL))
                .hasMessage("CLOSE code is 33, must be an application's with a detail");
    }
}
