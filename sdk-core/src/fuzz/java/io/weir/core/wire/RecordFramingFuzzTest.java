package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.weir.core.wire.RecordFraming.Cut;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Any bytes of a link, cut in any way. The first byte of an input chooses records or handshake messages and how the rest
 * is cut into chunks.
 */
class RecordFramingFuzzTest {

    @FuzzTest
    void framing(byte[] input) {
        int choice = input.length == 0 ? 0 : input[0];
        byte[] stream = input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
        boolean records = (choice & 1) == 0;

        Result whole = cut(records, stream, Math.max(1, stream.length));
        Result chunked = cut(records, stream, 1 + ((choice & 0xFF) >>> 1));

        assertThat(chunked).isEqualTo(whole);
        whole.check(records, stream);
    }

    private static Result cut(boolean records, byte[] stream, int chunkBytes) {
        RecordFraming framing = records ? RecordFraming.records() : RecordFraming.handshake();
        List<Bytes> units = new ArrayList<>();
        boolean malformed = false;
        for (int at = 0; at < stream.length && !malformed; at += chunkBytes) {
            int end = Math.min(stream.length, at + chunkBytes);
            ByteBuffer chunk = ByteBuffer.wrap(Arrays.copyOfRange(stream, at, end));
            Cut cut = framing.cut(chunk);
            while (cut == Cut.UNIT) {
                units.add(Bytes.copyOf(framing.array(), framing.offset(), framing.length()));
                cut = framing.cut(chunk);
            }
            malformed = cut == Cut.MALFORMED;
            assertThat(malformed || !chunk.hasRemaining()).isTrue();
            assertThat(framing.heldBytes()).isLessThanOrEqualTo(Math.max(512, 2 * end));
        }
        if (malformed) {
            assertThat(framing.cut(ByteBuffer.wrap(new byte[64]))).isEqualTo(Cut.MALFORMED);
        }
        return new Result(units, malformed, malformed || framing.atBoundary());
    }

    private record Result(List<Bytes> units, boolean malformed, boolean atBoundary) {

        /** The units, with their lengths in front, are what the stream begins with. */
        void check(boolean records, byte[] stream) {
            int at = 0;
            for (Bytes unit : units) {
                assertThat(unit.length())
                        .isBetween(
                                records ? RecordFraming.MIN_RECORD : 1,
                                records ? RecordFraming.MAX_RECORD : RecordFraming.MAX_HANDSHAKE);
                byte[] header = new byte[RecordFraming.HEADER_BYTES];
                RecordFraming.writeHeader(header, 0, unit.length());
                assertThat(Arrays.copyOfRange(stream, at, at + header.length)).isEqualTo(header);
                at += header.length;
                assertThat(Bytes.copyOf(stream, at, unit.length())).isEqualTo(unit);
                at += unit.length();
            }
            if (!malformed) {
                assertThat(atBoundary).isEqualTo(at == stream.length);
            }
        }
    }
}
