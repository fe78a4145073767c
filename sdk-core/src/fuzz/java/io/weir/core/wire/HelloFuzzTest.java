package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.weir.core.wire.FrameReader.Kind;

/** Any parameters of a HELLO. An input is what follows the frame's type. */
class HelloFuzzTest {

    @FuzzTest
    void hello(byte[] parameters) {
        byte[] record = new byte[1 + parameters.length];
        record[0] = (byte) FrameType.HELLO.number();
        System.arraycopy(parameters, 0, record, 1, parameters.length);
        FrameReader reader = new FrameReader().reset(record, 0, record.length);
        if (reader.next() != Kind.FRAME) {
            assertThat(reader.problem()).isNotEmpty();
            return;
        }
        Hello hello = (Hello) reader.frame();

        FrameWriter writer = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
        assertThat(writer.write(hello)).isTrue();
        FrameReader again = new FrameReader().reset(writer.array(), 0, writer.position());
        assertThat(again.next()).isEqualTo(Kind.FRAME);
        assertThat(again.frame()).isEqualTo(hello);
        assertThat(again.next()).isEqualTo(Kind.END);
    }
}
