package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import io.weir.core.wire.FrameReader.Kind;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MESSAGE in place: what is read and written without objects is what the frame's object says. */
class MessageFieldsTest {

    private static final int MESSAGES = 20_000;

    private final FrameWriter out = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
    private final FrameReader in = new FrameReader();
    private final NameCache names = new NameCache();

    @Test
    void aMessageWrittenInPlaceIsTheOneThatItsObjectWrites() {
        RandomFrames frames = new RandomFrames(42);
        for (int i = 0; i < MESSAGES; i++) {
            MessageFrame message = (MessageFrame) frames.of(FrameType.MESSAGE);
            out.reset();
            assertThat(out.write(message)).isTrue();
            byte[] expected = Arrays.copyOf(out.array(), out.position());

            out.reset();
            assertThat(begin(message)).isTrue();
            assertThat(out.payload().remaining()).isEqualTo(message.payload().length());
            assertThat(overhead(message) + message.payload().length()).isEqualTo(expected.length);
            out.payload().put(message.payload().toByteBuffer());
            out.endData();

            assertThat(Arrays.equals(out.array(), 0, out.position(), expected, 0, expected.length))
                    .as("%s", message)
                    .isTrue();
        }
    }

    /** Or a session would keep its last record for as long as it is silent. */
    @Test
    void nothingKeepsARecordThatIsOver() {
        byte[] bytes = HexFormat.of().parseHex("0c010200070170" + "01016b0176" + "03616263");
        in.reset(bytes, 0, bytes.length);
        assertThat(in.next()).isEqualTo(Kind.MESSAGE);
        MessageFields fields = in.message();

        assertThat(in.next()).isEqualTo(Kind.END);

        assertThat(fields.array()).isEmpty();
        assertThat(fields.payloadLength()).isZero();
        assertThat(in.next()).isEqualTo(Kind.END);
        assertThat(in.position()).isEqualTo(bytes.length);
    }

    @Test
    void theAccessorsTellWhatTheObjectDoes() {
        byte[] bytes = HexFormat.of().parseHex("0c010200070170 01016b0176 03616263".replace(" ", ""));
        in.reset(bytes, 0, bytes.length);
        assertThat(in.next()).isEqualTo(Kind.MESSAGE);
        MessageFields fields = in.message();

        assertThat(fields.type()).isEqualTo(MessageType.REQUEST);
        assertThat(fields.numPackets()).isEqualTo(2);
        assertThat(fields.packetId()).isZero();
        assertThat(fields.replyId()).isEqualTo(7);
        assertThat(fields.name()).isEqualTo("p");
        assertThat(fields.nameLength()).isEqualTo(1);
        assertThat(fields.headers()).isEqualTo(Headers.of("k", "v"));
        assertThat(fields.array()).isSameAs(bytes);
        assertThat(fields.payloadOffset()).isEqualTo(bytes.length - 3);
        assertThat(fields.payloadLength()).isEqualTo(3);
    }

    @Test
    void aDetachedPayloadStaysWhenTheRecordIsOverwritten() {
        byte[] bytes = HexFormat.of().parseHex("0c010200070170 01016b0176 03616263".replace(" ", ""));
        in.reset(bytes, 0, bytes.length);
        in.next();
        in.message().detach();
        Arrays.fill(bytes, (byte) 0);

        MessageFields fields = in.message();
        assertThat(fields.array()).containsExactly('a', 'b', 'c');
        assertThat(fields.payloadOffset()).isZero();
        assertThat(fields.payloadLength()).isEqualTo(3);
        assertThat(fields.headers()).isEqualTo(Headers.of("k", "v"));
    }

    @Test
    void aFrameOfTheOneBeforeLeavesNothingBehind() {
        byte[] bytes = HexFormat.of().parseHex("0c010200070170 01016b0176 00 0c02010008000000".replace(" ", ""));
        in.reset(bytes, 0, bytes.length);
        in.next();
        assertThat(in.next()).isEqualTo(Kind.MESSAGE);

        assertThat(in.message().frame())
                .isEqualTo(new MessageFrame(MessageType.REPLY, 1, 0, 8, "", Headers.empty(), Bytes.empty()));
        assertThat(in.next()).isEqualTo(Kind.END);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "400c 01 01 00 07 01 70 00 01 61", // every field but one in its shortest form
                "0c 4001 01 00 07 01 70 00 01 61",
                "0c 01 4001 00 07 01 70 00 01 61",
                "0c 01 01 4000 07 01 70 00 01 61",
                "0c 01 01 00 c000000000000007 01 70 00 01 61",
                "0c 01 01 00 07 4001 70 00 01 61",
                "0c 01 01 00 07 01 70 4000 01 61",
                "0c 01 01 00 07 01 70 00 80000001 61",
            })
    void longerFormsOfANumberAreAccepted(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        in.reset(bytes, 0, bytes.length);
        assertThat(in.next()).isEqualTo(Kind.MESSAGE);
        assertThat(in.message().frame())
                .isEqualTo(new MessageFrame(
                        MessageType.REQUEST, 1, 0, 7, "p", Headers.empty(), Bytes.copyOf(new byte[] {'a'})));
        assertThat(in.next()).isEqualTo(Kind.END);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0c 01 01 00 07 01 ff 00 00", "0c 01 02 00 07 02 c3 28 00 00"})
    void aNameThatIsNoTextIsMalformed(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        in.reset(bytes, 0, bytes.length);
        assertThat(in.next()).isEqualTo(Kind.MALFORMED);
        assertThat(in.problem()).isEqualTo("MESSAGE name is not well-formed UTF-8");
    }

    @Test
    void nothingIsThereBeforeTheFirstMessage() {
        assertThatIllegalStateException().isThrownBy(in::message);
    }

    @Test
    void whatDoesNotFitIsNotWritten() {
        byte[] name = names.encode("price");
        int overhead = FrameOverhead.message(1, 5, name, Headers.empty(), 10);
        FrameWriter narrow = new FrameWriter(overhead + 10, overhead + 10);
        FrameWriter tooNarrow = new FrameWriter(overhead + 9, overhead + 9);

        assertThat(MessageHead.begin(tooNarrow, MessageType.REQUEST, 1, 5, name, Headers.empty(), 10))
                .isFalse();
        assertThat(tooNarrow.isEmpty()).isTrue();
        assertThat(MessageHead.begin(tooNarrow, MessageType.REQUEST, 2, 1, 5, 10))
                .isTrue();
        assertThat(MessageHead.begin(narrow, MessageType.REQUEST, 1, 5, name, Headers.empty(), 10))
                .isTrue();
    }

    @Test
    void fieldsOutOfRangeAreTheCallersBug() {
        byte[] name = new byte[256];
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MessageHead.begin(out, MessageType.REQUEST, 1, 5, name, Headers.empty(), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> MessageHead.begin(out, MessageType.REQUEST, 1, 1, 5, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MessageHead.begin(out, MessageType.REQUEST, 65_536, 1, 5, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> MessageHead.begin(out, MessageType.REQUEST, 2, 1, 5, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> MessageHead.begin(out, MessageType.REQUEST, 2, 1, -1, 0));
        assertThat(out.isEmpty()).isTrue();
    }

    // ---- names

    @Test
    void aNameThatComesAgainIsTheSameObject() {
        byte[] route = {'p', 'r', 'i', 'c', 'e'};
        String first = names.decode(route, 0, 5);
        assertThat(names.decode(route.clone(), 0, 5)).isSameAs(first).isEqualTo("price");
        assertThat(names.encode("price"))
                .isSameAs(names.encode(new String("price")))
                .isEqualTo(route);
    }

    @Test
    void namesOfAnyNumberAreConvertedRightly() {
        for (int i = 0; i < 10_000; i++) {
            String name = "größe-" + i % 300 + "x".repeat(i % 200);
            byte[] bytes = names.encode(name);
            assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(name);
            assertThat(names.decode(bytes, 0, bytes.length)).isEqualTo(name);
        }
    }

    @Test
    void messagesAreWrittenAndReadWithoutAllocating() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int messages = record(0);

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 1; i <= 200; i++) {
            messages += record(i * 1_000L);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(messages).isGreaterThan(200 * 300);
        assertThat(allocated).as("bytes for %d messages", messages).isLessThan(messages / 10);
    }

    private int record(long firstId) {
        byte[] name = names.encode("price");
        out.reset();
        int written = 0;
        while (!out.isFull()) {
            MessageHead.begin(out, MessageType.REQUEST, 1, firstId + written++, name, Headers.empty(), 64);
            out.payload().position(out.payload().limit());
            out.endData();
        }
        in.reset(out.array(), 0, out.position());
        int read = 0;
        while (in.next() == Kind.MESSAGE) {
            read += in.message().payloadLength() == 64 ? 1 : 0;
        }
        return read;
    }

    // ---- how

    private boolean begin(MessageFrame m) {
        int length = m.payload().length();
        if (m.millisLeft() != MessageFrame.NO_LIMIT) {
            return MessageHead.beginRequest(
                    out, m.millisLeft(), m.numPackets(), m.replyId(), names.encode(m.name()), m.headers(), length);
        }
        return m.packetId() == 0
                ? MessageHead.begin(
                        out, m.messageType(), m.numPackets(), m.replyId(), names.encode(m.name()), m.headers(), length)
                : MessageHead.begin(out, m.messageType(), m.numPackets(), m.packetId(), m.replyId(), length);
    }

    private int overhead(MessageFrame m) {
        int length = m.payload().length();
        int limit = m.millisLeft() == MessageFrame.NO_LIMIT ? 0 : VarInt.length(m.millisLeft());
        return m.packetId() == 0
                ? limit
                        + FrameOverhead.message(
                                m.numPackets(), m.replyId(), names.encode(m.name()), m.headers(), length)
                : FrameOverhead.message(m.numPackets(), m.packetId(), m.replyId(), length);
    }
}
