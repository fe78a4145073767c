package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.FrameReader.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any plaintext of a record: nothing is thrown, and what decodes decodes to the same after it was encoded again. */
class FrameReaderFuzzTest {

    private final FrameReader reader = new FrameReader();

    static Stream<byte[]> seeds() {
        RandomFrames frames = new RandomFrames(7);
        return Arrays.stream(FrameType.values())
                .map(type -> encoded(frames.of(type)))
                .filter(record -> record.length < 600);
    }

    @MethodSource("seeds")
    @FuzzTest
    void frames(byte[] record) {
        List<Frame> frames = new ArrayList<>();
        ErrorCode end = read(record, 0, record.length, frames);

        List<Frame> amid = new ArrayList<>();
        byte[] larger = new byte[record.length + 30];
        Arrays.fill(larger, (byte) 0x33);
        System.arraycopy(record, 0, larger, 10, record.length);
        assertThat(read(larger, 10, record.length, amid)).isEqualTo(end);
        assertThat(amid).isEqualTo(frames);

        frames.forEach(FrameReaderFuzzTest::comesBack);
    }

    private ErrorCode read(byte[] array, int offset, int length, List<Frame> into) {
        reader.reset(array, offset, length);
        while (true) {
            switch (reader.next()) {
                case DATA -> into.add(reader.data());
                case MESSAGE -> into.add(reader.message().frame());
                case FRAME -> into.add(reader.frame());
                case END -> {
                    assertThat(reader.error()).isEqualTo(ErrorCode.NONE);
                    assertThat(reader.problem()).isEmpty();
                    return ErrorCode.NONE;
                }
                case MALFORMED -> {
                    assertThat(reader.error()).isNotEqualTo(ErrorCode.NONE);
                    assertThat(reader.problem()).isNotEmpty();
                    assertThat(reader.next()).isEqualTo(Kind.MALFORMED);
                    return reader.error();
                }
            }
            assertThat(into.size()).isLessThanOrEqualTo(length);
        }
    }

    private static byte[] encoded(Frame frame) {
        FrameWriter writer = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
        writer.write(frame);
        return Arrays.copyOf(writer.array(), writer.position());
    }

    private static void comesBack(Frame frame) {
        FrameWriter writer = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
        if (!writer.write(frame)) {
            return; // it came in a larger record than this side writes
        }
        FrameReader again = new FrameReader().reset(writer.array(), 0, writer.position());
        Frame read = switch (again.next()) {
            case DATA -> again.data();
            case MESSAGE -> again.message().frame();
            case FRAME -> again.frame();
            case END, MALFORMED -> throw new AssertionError(frame + " came back as " + again.problem());
        };
        assertThat(read).isEqualTo(frame);
        assertThat(read.toString()).isEqualTo(frame.toString());
        assertThat(again.next()).isEqualTo(Kind.END);
    }
}
