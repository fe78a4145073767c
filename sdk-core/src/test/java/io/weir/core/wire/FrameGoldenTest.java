package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.wire.FrameReader.Kind;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of each frame, worked out by hand from PROTOCOL section 3. */
class FrameGoldenTest {

    private static final Bytes ABC = Bytes.copyOf(new byte[] {'a', 'b', 'c'});

    @Test
    void paddingIsZeros() {
        FrameWriter out = writer();
        assertThat(out.write(new LinkFrame.Padding(3))).isTrue();
        assertThat(hex(out)).isEqualTo("000000");
    }

    @Test
    void pingAndPongCarryEightBytes() {
        both(new SessionFrame.Ping(0x0102030405060708L), "01 0102030405060708");
        both(new SessionFrame.Pong(-1), "02 ffffffffffffffff");
    }

    @Test
    void heartbeatIsItsType() {
        both(new SessionFrame.Heartbeat(), "03");
    }

    @Test
    void helloWithDefaultsWritesSixParameters() {
        both(
                Hello.defaults(),
                "04 06"
                        + " 01 04 80010000" // 65,536
                        + " 02 02 4103" // 259
                        + " 03 04 80100000" // 1 MiB
                        + " 04 04 80100000"
                        + " 05 04 81000000" // 16 MiB
                        + " 06 02 7a98"); // 15,000
    }

    @Test
    void helloWithEverythingWritesTwelveParameters() {
        both(
                new Hello(1, 2, 3, 4, 5, 6, 1_200, 0xCAFEBABE00000001L, Bytes.copyOf(new byte[32]), 7, 8, 3),
                "04 0c 01 01 01 02 01 02 03 01 03 04 01 04 05 01 05 06 01 06"
                        + " 07 02 44b0"
                        + " 08 08 cafebabe00000001"
                        + " 09 20 " + "00".repeat(32)
                        + " 0a 01 07 0b 01 08 0c 01 03");
    }

    @Test
    void helloWithoutParametersMeansTheDefaults() {
        assertThat(read("04 00")).isEqualTo(Hello.defaults());
    }

    @Test
    void helloParametersOfUnknownIdAreSkipped() {
        assertThat(read("04 02 4fff 03 010203 06 01 3c"))
                .isEqualTo(Hello.defaults().withSilenceLimitMillis(60));
    }

    @Test
    void openCarriesIdEpochFlagsNameAndHeaders() {
        both(
                new StreamFrame.Open(3, 0x1122334455667788L, 1, true, "price", Headers.empty()),
                "05 03 1122334455667788 01 01 05 7072696365 00");
        both(
                new StreamFrame.Open(
                        64, -2, 16_384, false, "ü", Headers.of("k", "v").with("e", "")),
                "05 4040 fffffffffffffffe 80004000 00 02 c3bc 02 01 6b 01 76 01 65 00");
        both(
                new StreamFrame.Open(3, 1, 1, true, -1, true, false, "sum", Headers.empty()),
                "05 03 0000000000000001 01 05 03 73756d 00");
        both(
                new StreamFrame.Open(3, 1, 1, true, 2_000, false, false, "sum", Headers.empty()),
                "05 03 0000000000000001 01 03 47d0 03 73756d 00");
        both(
                new StreamFrame.Open(3, 1, 1, false, 0, true, false, "", Headers.empty()),
                "05 03 0000000000000001 01 06 00 00 00");
        both(
                new StreamFrame.Open(3, 1, 1, false, -1, false, true, "", Headers.empty()),
                "05 03 0000000000000001 01 08 00 00");
    }

    @Test
    void windowAndBlockedCarryThreeNumbers() {
        both(new CreditFrame.Window(0, 0, 19), "06 00 00 13");
        both(new CreditFrame.Window(3, 65_536, 131_072), "06 03 80010000 80020000");
        both(new CreditFrame.Blocked(5, 100, 90), "07 05 4064 405a");
    }

    @Test
    void terminalsOfAHalf() {
        both(new StreamFrame.Close(3, 160, 2, 0), "08 03 40a0 02 00");
        both(new StreamFrame.Close(3, 160, 2, 0x21), "08 03 40a0 02 21");
        both(
                new StreamFrame.Close(
                        3, 160, 2, 0x1_002A, new ErrorDetail(true, "no", Bytes.copyOf(new byte[] {1, 2, 3}))),
                "08 03 40a0 02 8001002a 01 02 6e6f 03 010203");
        both(new StreamFrame.Close(3, 160, 2, 0x1_FFFF), "08 03 40a0 02 8001ffff 00 00 00");
        both(new StreamFrame.Reset(3, 0x20), "09 03 20");
        both(new StreamFrame.Stop(3, 0x22), "0a 03 00 22");
        both(new StreamFrame.Stop(3, true, 0x22), "0a 03 01 22");
        both(new StreamFrame.Datagrams(3, 0x22), "0f 03 22");
        both(new StreamFrame.Datagrams(3, StreamFrame.Datagrams.OPEN_END), "0f 03 ff ff ff ff ff ff ff ff");
    }

    @Test
    void feedbackTellsGapsAndLengthsLessOne() {
        // 100..98 arrived, 97 and 96 did not, 95 did, 94 did not, 93..60 did.
        both(
                new LinkFrame.Feedback(
                        List.of(new PacketRange(98, 100), new PacketRange(95, 95), new PacketRange(60, 93)),
                        25,
                        1,
                        2,
                        3),
                "0b 4064 19 02 02 01 00 00 21 01 02 03");
        both(new LinkFrame.Feedback(List.of(new PacketRange(0, 7)), 0, 0, 0, 0), "0b 07 00 07 00 00 00 00");
    }

    @Test
    void messageHasNameAndHeadersInPacketZeroOnly() {
        both(
                new MessageFrame(MessageType.REQUEST, 2, 0, 7, "p", Headers.of("k", "v"), ABC),
                "0c 01 02 00 07 01 70 01 01 6b 01 76 03 616263");
        both(new MessageFrame(MessageType.REQUEST, 2, 1, 7, "", Headers.empty(), ABC), "0c 01 02 01 07 03 616263");
        both(
                new MessageFrame(MessageType.REQUEST, 1, 0, 7, "p", Headers.empty(), ABC, 30_000),
                "0c 09 01 00 07 80007530 01 70 00 03 616263");
        both(
                new MessageFrame(MessageType.REQUEST, 2, 0, 7, "p", Headers.of("k", "v"), ABC, 0),
                "0c 09 02 00 07 00 01 70 01 01 6b 01 76 03 616263");
        both(
                new MessageFrame(MessageType.ONE_WAY, 1, 0, 1, "", Headers.empty(), Bytes.empty()),
                "0c 00 01 00 01 00 00 00");
        both(
                new MessageFrame(MessageType.REPLY, 0xFFFF, 0xFFFE, 1, "", Headers.empty(), ABC),
                "0c 02 8000ffff 8000fffe 01 03 616263");
        both(
                new MessageFrame(MessageType.ERROR, 1, 0, 2, "", Headers.empty(), Bytes.copyOf(new byte[] {0x22})),
                "0c 03 01 00 02 00 00 01 22");
        both(
                new MessageFrame(MessageType.CANCELLED, 1, 0, 3, "", Headers.empty(), Bytes.empty()),
                "0c 04 01 00 03 00 00 00");
        both(
                new MessageFrame(MessageType.CANCEL, 1, 0, 4, "", Headers.empty(), Bytes.empty()),
                "0c 05 01 00 04 00 00 00");
    }

    @Test
    void goawayAndEndCarryACode() {
        both(new SessionFrame.Goaway(9, 64, 5_000, 0x0D), "0d 09 4040 5388 0d");
        both(new SessionFrame.End(0), "0e 00");
        both(new SessionFrame.End(0xFFFF), "0e 8000ffff");
    }

    @Test
    void dataOfAWholeElementHasTypeHandleAndLength() {
        both(new StreamFrame.Data(3, true, true, -1, -1, -1, ABC), "23 03 03 616263");
        both(new StreamFrame.Data(4, true, true, -1, -1, -1, Bytes.empty()), "23 04 00");
        both(
                new StreamFrame.Data(3, true, true, -1, -1, -1, Bytes.copyOf(new byte[64])),
                "23 03 4040 " + "00".repeat(64));
    }

    @Test
    void dataOfFragmentsHasATotalInTheFirst() {
        both(new StreamFrame.Data(3, true, false, -1, -1, 70_000, ABC), "21 03 80011170 03 616263");
        both(new StreamFrame.Data(3, false, false, -1, -1, -1, ABC), "20 03 03 616263");
        both(new StreamFrame.Data(3, false, true, -1, -1, -1, ABC), "22 03 03 616263");
    }

    @Test
    void dataOnDatagramsHasOffsetAndSeq() {
        both(new StreamFrame.Data(3, true, true, 19, -1, -1, ABC), "27 03 13 03 616263");
        both(new StreamFrame.Data(3, true, true, 19, 1, -1, ABC), "2f 03 13 01 03 616263");
        both(new StreamFrame.Data(3, true, false, 0, 5, 64, ABC), "2d 03 00 05 4040 03 616263");
        both(new StreamFrame.Data(3, false, true, 19, -1, -1, ABC), "26 03 13 03 616263");
        both(new StreamFrame.Data(3, false, true, -1, 9, -1, ABC), "2a 03 09 03 616263");
    }

    @Test
    void unknownTypeFromFortyUpIsSkipped() {
        FrameWriter out = writer();
        assertThat(out.write(new LinkFrame.Unknown(0x40, ABC))).isTrue();
        assertThat(hex(out)).isEqualTo("404003616263");
        assertThat(read("4040 03 616263 00 00 03")).isEqualTo(new SessionFrame.Heartbeat());
        assertThat(read("ffffffffffffffff 00 03")).isEqualTo(new SessionFrame.Heartbeat());
    }

    @Test
    void longerFormsOfATypeAreAccepted() {
        assertThat(read("4001 0000000000000007")).isEqualTo(new SessionFrame.Ping(7));
        assertThat(read("4000 80000000 4003")).isEqualTo(new SessionFrame.Heartbeat());
        assertThat(read("4023 4003 80000003 616263")).isEqualTo(new StreamFrame.Data(3, true, true, -1, -1, -1, ABC));
    }

    private static void both(Frame frame, String hex) {
        FrameWriter out = writer();
        assertThat(out.write(frame)).isTrue();
        assertThat(hex(out)).isEqualTo(hex.replace(" ", ""));
        assertThat(read(hex)).isEqualTo(frame);
    }

    private static Frame read(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        FrameReader in = new FrameReader().reset(bytes, 0, bytes.length);
        Kind kind = in.next();
        assertThat(kind).as(in.problem()).isIn(Kind.DATA, Kind.MESSAGE, Kind.FRAME);
        Frame frame = kind == Kind.DATA
                ? in.data()
                : kind == Kind.MESSAGE ? in.message().frame() : in.frame();
        assertThat(in.next()).isEqualTo(Kind.END);
        return frame;
    }

    private static FrameWriter writer() {
        return new FrameWriter(1_200, 1_200);
    }

    private static String hex(FrameWriter out) {
        return HexFormat.of().formatHex(out.array(), 0, out.position());
    }
}
