package io.weir.test.rogue;

import io.weir.core.error.ErrorCode;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule of section 3 of the protocol page, and the code with which a session ends whose peer breaks it. */
class FrameRulesTest {

    private static final String OPEN = "05 03 0000000000000003 01 01 ";

    static Stream<Arguments> malformed() {
        return Stream.of(
                rule("OPEN carries a handle of 3 or more", "05 02 0000000000000003 01 01 01 73 00"),
                rule("CLOSE carries a handle of 3 or more", "08 02 00 00 00"),
                rule("RESET carries a handle of 3 or more", "09 02 00"),
                rule("STOP carries a handle of 3 or more", "0a 02 00"),
                rule("DATA carries a handle of 3 or more", "23 02 00"),
                rule("OPEN's unknown flags are 0", "05 03 0000000000000003 01 20 01 73 00"),
                rule("a name has no overlong form", OPEN + "02 c080 00"),
                rule("a name has no surrogate", OPEN + "03 eda080 00"),
                rule("a name has up to 255 bytes", OPEN + "4100 " + "61".repeat(256) + " 00"),
                rule("headers are up to 64", OPEN + "01 73 4041"),
                rule("a header's name is no overlong form", OPEN + "01 73 01 02 c080 00"),
                rule("a header's name is not empty", OPEN + "01 73 01 00 00"),
                rule("a header's name occurs once", OPEN + "01 73 02 01 61 00 01 61 00"),
                rule("headers have up to 4 KiB", OPEN + "01 73 01 01 61 5000 " + "00".repeat(4_096)),
                rule("longer forms count", OPEN + "01 73 01 01 61 c000000000000ff8 " + "00".repeat(4_088)),
                rule("HELLO has at most 64 settings", "04 4041"),
                rule("a setting is not repeated", "04 02 01 01 05 01 01 05"),
                rule("an unknown setting is not repeated", "04 02 20 00 20 00"),
                rule("a setting is as long as its value", "04 01 01 02 05 00"),
                rule("an incarnation is as long as its value", "04 01 08 07 00000000000000"),
                rule("a psk MAC is as long as its value", "04 01 09 1f " + "00".repeat(31)),
                rule("a setting is not longer than its frame", "04 01 20 05 00"),
                rule("the silence limit is 1 ms or more", "04 01 06 01 00"),
                rule("max datagram is 1,200 or more", "04 01 07 02 44af"),
                rule("CLOSE counts one element for each 16", "08 03 1f 02 00"),
                rule("BLOCKED's sent is at most its limit", "07 03 05 06"),
                rule("a total is more than its FIRST fragment", "21 03 01 01 61"),
                rule("a fragment that continues has a byte", "20 03 00"),
                rule("a fragment that ends has a byte", "22 03 00"),
                rule("an offset leaves room for its element", "27 03 ffffffffffffffff 00"),
                rule("FEEDBACK's ranges do not fall below 0 (first)", "0b 05 00 06 00 00 00 00"),
                rule("FEEDBACK's ranges do not fall below 0 (gap)", "0b 05 00 00 01 04 00 00 00 00"),
                rule("FEEDBACK's ranges do not fall below 0 (length)", "0b 05 00 00 01 01 03 00 00 00"),
                rule("FEEDBACK has 4,096 ranges at most", "0b 7fff 00 00 5000 " + "0000".repeat(4_096) + " 00 00 00"),
                rule("message_type is one of six", "0c 06 01 00 01 00 00 00"),
                rule("a time limit is of a request (one-way)", "0c 08 01 00 01 00 00 00 00"),
                rule("a time limit is of a request (reply)", "0c 0a 01 00 01 00 00 00 00"),
                rule("a time limit is told in packet 0", "0c 09 02 01 01 00 01 61"),
                rule("num_packets is at least 1", "0c 00 00 00 01 00 00 00"),
                rule("num_packets is below 2^16", "0c 00 80010000 00 01 00 00 00"),
                rule("packet_id is below num_packets", "0c 00 02 02 01 00"),
                rule("a message's name has up to 255 bytes", "0c 00 01 00 01 4100 " + "61".repeat(256) + " 00 00"),
                rule("a message's name is text", "0c 00 01 00 01 01 ff 00 00"),
                rule("a message's header has a name", "0c 00 01 00 01 00 01 00 00 00"),
                rule("an error has a code", "0c 03 01 00 01 00 00 00"),
                rule("an error's code is whole", "0c 03 01 00 01 00 00 01 40"),
                rule("an error is nothing but its code", "0c 03 01 00 01 00 00 02 0101"),
                rule("an application's error has a detail", "0c 03 01 00 01 00 00 04 80010000"),
                rule("an application's error has known flags", "0c 03 01 00 01 00 00 07 80010000 02 00 00"),
                rule("an application's error is text", "0c 03 01 00 01 00 00 08 80010000 00 01 ff 00"),
                rule("an application's error has nothing behind it", "0c 03 01 00 01 00 00 08 80010000 00 00 00 00"),
                rule(
                        "an application's text is short",
                        "0c 03 01 00 01 00 00 440a 80010000 00 4401" + "61".repeat(1_025) + "00"),
                rule("an application's payload is short", "08 03 7000 00 80010000 00 00 6001" + "00".repeat(8_193)),
                rule("CLOSE counts its detail", "08 03 10 00 80010000 00 01 61 00"),
                rule("CLOSE's detail is not longer than its record", "08 03 7000 00 80010000 00 00 05 00"),
                rule("an error is one packet", "0c 03 02 00 01 00 00 01 01"),
                rule("cancelled has no body", "0c 04 01 00 01 00 00 01 00"),
                rule("cancelled is one packet", "0c 04 02 00 01 00 00 00"),
                rule("cancel has no body", "0c 05 01 00 01 00 00 01 00"),
                rule("cancel is one packet", "0c 05 02 01 01 00"),
                rule("a body is not longer than its record", "0c 00 01 00 01 00 00 05 00"),
                rule("an ignorable frame is not longer than its record", "4040 05 00"));
    }

    static Stream<Arguments> violations() {
        return Stream.of(
                rule("a type below 0x20 is a known one", "10"),
                rule("a type below 0x40 is a known one", "30"),
                rule("a known type is one in a longer form too", "8000003f"),
                rule("an offset is implied", "27 03 00 00"),
                rule("a number is implied", "2b 03 00 00"),
                rule("FEEDBACK is for datagrams", "0b 05 00 00 00 00 00 00"),
                rule("HELLO is said once", "04 00"),
                rule("a reply answers a request", "0c 02 01 00 01 00 00 00"),
                rule("an error answers a request", "0c 03 01 00 01 00 00 01 01"),
                rule("cancelled answers a request", "0c 04 01 00 01 00 00 00"),
                rule("cancel is of a request", "0c 05 01 00 01 00 00 00"),
                rule("ids begin with 1", "0c 00 01 00 00 00 00 00"));
    }

    private static Arguments rule(String rule, String hex) {
        return Arguments.of(rule, HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void endsASessionWithMalformedFrame(String rule, byte[] plaintext) {
        assertEnded(plaintext, ErrorCode.MALFORMED_FRAME);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void endsASessionWithProtocolViolation(String rule, byte[] plaintext) {
        assertEnded(plaintext, ErrorCode.PROTOCOL_VIOLATION);
    }

    private static void assertEnded(byte[] plaintext, ErrorCode code) {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.sendPlaintext(plaintext);
            victim.assertEnded(rogue, code);
        }
    }
}
