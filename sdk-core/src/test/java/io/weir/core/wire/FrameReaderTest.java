package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.FrameReader.Kind;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {

    private static final String MAX = "ffffffffffffffff";

    @ParameterizedTest
    @ValueSource(strings = {"10", "1f", "30", "3f", "4010"})
    void unknownTypeBelowFortyIsAProtocolViolation(String type) {
        FrameReader in = reader(type + "00000000");

        assertThat(in.next()).isEqualTo(Kind.MALFORMED);
        assertThat(in.error()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(in.problem()).contains("is unknown");
    }

    @ParameterizedTest
    @CsvSource({
        "04 4041, HELLO parameter count is 65",
        "04 02 01 01 05 01 01 06, HELLO parameter 1 is repeated",
        "04 02 4fff 00 4fff 00, HELLO parameter 4095 is repeated",
        "04 01 01 02 05, HELLO parameter length is cut off",
        "04 01 01 02 05 06, HELLO parameter 1 has a wrong length",
        "04 01 01 01 4005, HELLO parameter 1 has a wrong length",
        "04 01 01 00 05, HELLO parameter 1 has a wrong length",
        "04 01 06 01 00, HELLO parameter value is 0",
        "04 01 07 02 44af, HELLO parameter value is 1199",
        "04 01 08 07 01020304050607, HELLO incarnation is cut off",
        "04 01 08 09 010203040506070809, HELLO parameter 8 has a wrong length",
        "04 01 09 03 010203, HELLO parameter 9 has a wrong length",
        "04 01 09 00, HELLO parameter 9 has a wrong length",
        "05 02 1122334455667788 01 01 00 00, OPEN handle is 2",
        "05 03 1122334455667788 01 02, OPEN window is cut off",
        "05 03 1122334455667788 01 10 00 00, OPEN flags is 16",
        "05 03 1122334455667788 01 ffffffffffffffff 00 00, OPEN flags is 4611686018427387903",
        "05 03 1122334455667788 01 01 4100 00, OPEN name is 256",
        "05 03 1122334455667788 01 01 02 c328 00, OPEN name is not well-formed UTF-8",
        "05 03 1122334455667788 01 01 03 eda080 00, OPEN name is not well-formed UTF-8",
        "05 03 1122334455667788 01 01 02 c080 00, OPEN name is not well-formed UTF-8",
        "05 03 1122334455667788 01 01 00 4041, headers count is 65",
        "05 03 1122334455667788 01 01 00 01 00 00, header name is empty",
        "05 03 1122334455667788 01 01 00 02 01 61 00 01 61 00, header name appears twice",
        "05 03 1122334455667788 01 01 00 01 01 61 5001, header value is 4097",
        "05 03 1122334455667788 01 01 00 01 01 61 bfffffff, header value is 1073741823",
        "07 03 05 06, BLOCKED sent is above its limit",
        "08 02 00 00 00, CLOSE handle is 2",
        "08 03 1f 02 00, CLOSE elements and detail cost more",
        "08 03 1f 01, CLOSE code is cut off",
        "09 02 00, RESET handle is 2",
        "0a 00 00 00, STOP handle is 0",
        "0a 03 02 00, STOP flags is 2",
        "0a 03 01, STOP code is cut off",
        "0b 05 00 06 00 00 00 00, FEEDBACK first range is 6",
        "0b 05 00 05 01 00 00 00 00 00, FEEDBACK gap is 0",
        "0b 05 00 00 01 04 00 00 00 00, FEEDBACK gap is 4",
        "0b 05 00 00 01 03 01 00 00 00, FEEDBACK range length is 1",
        "0b 3f 00 00 4fff 00 00, FEEDBACK ranges are cut off",
        "0b 3f 00 00 5000 00 00, FEEDBACK range count is 4096",
        "0c 06 01 00 01 00 00 00, MESSAGE message_type is 6",
        "0c 08 01 00 01 00 00 00 00, MESSAGE message_type is 8",
        "0c 0a 01 00 01 00 00 00, MESSAGE message_type is 10",
        "0c 09 02 01 01 00 00, MESSAGE time left is told in packet 1",
        "0c 09 01 00 01 c0, MESSAGE time left is cut off",
        "0c 00 00 00 01 00 00 00, MESSAGE num_packets is 0",
        "0c 00 80010000 00 01 00 00 00, MESSAGE num_packets is 65536",
        "0c 00 02 02 01 00, MESSAGE packet_id is 2",
        "0c 00 01 00 01 00 00 05 01, MESSAGE payload is cut off",
        "4040 05 01, unknown frame is cut off",
        "4040, unknown frame is cut off",
    })
    void fieldsOutOfRangeAreMalformed(String hex, String problem) {
        FrameReader in = reader(hex);

        assertThat(in.next()).isEqualTo(Kind.MALFORMED);
        assertThat(in.error()).isEqualTo(ErrorCode.MALFORMED_FRAME);
        assertThat(in.problem()).contains(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "23 02 00, below 3",
        "23, cut off",
        "23 03, cut off",
        "23 03 04 010203, payload is cut off",
        "23 03 ffffffffffffffff 010203, payload is cut off",
        "21 03 03 03 010203, total is not more than the first fragment",
        "21 03 00 00, total is not more than the first fragment",
        "21 03 ffffffffffffffff 03 010203, above the offset space",
        "20 03 00, continues an element without a byte",
        "22 03 00, continues an element without a byte",
        "27 03 ffffffffffffffff 00, ends above the offset space",
        "27 03 fffffffffffffff0 00, ends above the offset space",
        "27 03 ff, cut off",
        "2f 03 00 ff, cut off",
        "21 03 ff, cut off",
    })
    void illegalDataIsMalformed(String hex, String problem) {
        FrameReader in = reader(hex);

        assertThat(in.next()).isEqualTo(Kind.MALFORMED);
        assertThat(in.error()).isEqualTo(ErrorCode.MALFORMED_FRAME);
        assertThat(in.problem()).contains(problem);
    }

    @Test
    void highestOffsetStillHoldsAnEmptyElement() {
        FrameReader in = reader("27 03 ffffffffffffffef 00");

        assertThat(in.next()).isEqualTo(Kind.DATA);
        assertThat(in.dataOffset()).isEqualTo(VarInt.MAX - 16);
    }

    @Test
    void windowTakesTheWholeRange() {
        FrameReader in = reader("06" + MAX + MAX + MAX);

        assertThat(in.next()).isEqualTo(Kind.FRAME);
        assertThat(in.frame()).isEqualTo(new CreditFrame.Window(VarInt.MAX, VarInt.MAX, VarInt.MAX));
    }

    @Test
    void dataIsReadInPlaceAndFieldsOfEarlierFramesDoNotShine() {
        FrameReader in = reader("2d 03 05 06 4040 01 ff  23 04 02 0102  22 4040 01 03  03");

        assertThat(in.next()).isEqualTo(Kind.DATA);
        assertThat(in.first()).isTrue();
        assertThat(in.last()).isFalse();
        assertThat(in.dataOffset()).isEqualTo(5);
        assertThat(in.seq()).isEqualTo(6);
        assertThat(in.total()).isEqualTo(64);

        assertThat(in.next()).isEqualTo(Kind.DATA);
        assertThat(in.handle()).isEqualTo(4);
        assertThat(in.first()).isTrue();
        assertThat(in.last()).isTrue();
        assertThat(in.dataOffset()).isEqualTo(-1);
        assertThat(in.seq()).isEqualTo(-1);
        assertThat(in.total()).isEqualTo(-1);
        assertThat(in.payloadOffset()).isEqualTo(11);
        assertThat(in.payloadLength()).isEqualTo(2);

        assertThat(in.next()).isEqualTo(Kind.DATA);
        assertThat(in.handle()).isEqualTo(64);
        assertThat(in.first()).isFalse();
        assertThat(in.last()).isTrue();

        assertThat(in.next()).isEqualTo(Kind.FRAME);
        assertThat(in.frame()).isEqualTo(new SessionFrame.Heartbeat());
        assertThat(in.next()).isEqualTo(Kind.END);
        assertThat(in.next()).isEqualTo(Kind.END);
    }

    @Test
    void framesBeforeTheMalformedOneAreDelivered() {
        FrameReader in = reader("03 23 03 00 ff");

        assertThat(in.next()).isEqualTo(Kind.FRAME);
        assertThat(in.next()).isEqualTo(Kind.DATA);
        assertThat(in.next()).isEqualTo(Kind.MALFORMED);
        assertThatThrownBy(in::frame).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void emptyRecordAndPaddingAloneAreTheEnd() {
        assertThat(reader("").next()).isEqualTo(Kind.END);
        assertThat(reader("000000").next()).isEqualTo(Kind.END);
    }

    @Test
    void resetForgetsAMalformedRecord() {
        FrameReader in = reader("ff");
        in.next();

        in.reset(new byte[] {9, 3, 9}, 1, 1);

        assertThat(in.error()).isEqualTo(ErrorCode.NONE);
        assertThat(in.problem()).isEmpty();
        assertThat(in.next()).isEqualTo(Kind.FRAME);
        assertThat(in.next()).isEqualTo(Kind.END);
    }

    @Test
    void readsNothingBeyondTheRangeGiven() {
        byte[] array = HexFormat.of().parseHex("23030461626364");

        FrameReader in = new FrameReader().reset(array, 0, 6);

        assertThat(in.next()).isEqualTo(Kind.MALFORMED);
        assertThatThrownBy(() -> in.reset(array, 1, 7)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void headersOverFourKibibytesInLongerFormsAreMalformed() {
        // 1 entry of 4,091 bytes would be exactly 4,096; a longer form of its count makes it 4,097.
        String value = "00".repeat(4_091);
        String open = "05 03 1122334455667788 01 01 00 ";

        assertThat(reader(open + "01 01 61 4ffb" + value).next()).isEqualTo(Kind.FRAME);
        FrameReader in = reader(open + "4001 01 61 4ffb" + value);
        assertThat(in.next()).isEqualTo(Kind.MALFORMED);
        assertThat(in.problem()).isEqualTo("headers are longer than 4096 bytes");
    }

    private static FrameReader reader(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        return new FrameReader().reset(bytes, 0, bytes.length);
    }
}
