package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.FrameReader.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FramePropertyTest {

    private final long seed = Long.getLong("weir.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final RandomFrames frames = new RandomFrames(seed);
    private final FrameWriter out = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
    private final FrameReader in = new FrameReader();

    @BeforeEach
    void printSeed() {
        System.out.println("FramePropertyTest: repeat with -Dweir.seed=" + seed);
    }

    @Test
    void framesComeOutAsTheyWentIn() {
        for (int record = 0; record < 2_000; record++) {
            List<Frame> expected = new ArrayList<>();
            out.reset();
            while (!out.isFull() && expected.size() < 40) {
                Frame frame = frames.next();
                if (out.write(frame) && frame.type() != FrameType.PADDING && frame.type() != FrameType.UNKNOWN) {
                    expected.add(frame);
                }
            }

            assertThat(readAll(out.array(), 0, out.position()))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
            assertThat(in.error()).isEqualTo(ErrorCode.NONE);
        }
    }

    @Test
    void framesCutOffAtAnyByteAreMalformed() {
        for (int round = 0; round < 40; round++) {
            for (FrameType type : FrameType.values()) {
                out.reset();
                assertThat(out.write(frames.of(type))).isTrue();
                for (int end = 1; end < out.position() && type != FrameType.PADDING; end++) {
                    // An array of exactly that length: a read past the end cannot go unnoticed.
                    in.reset(Arrays.copyOf(out.array(), end), 0, end);

                    assertThat(in.next())
                            .as("%s cut at %d, seed %d", type, end, seed)
                            .isEqualTo(Kind.MALFORMED);
                    assertThat(in.error()).isEqualTo(ErrorCode.MALFORMED_FRAME);
                    assertThat(in.problem()).isNotEmpty();
                    assertThat(in.next()).isEqualTo(Kind.MALFORMED);
                }
            }
        }
    }

    @Test
    void randomBytesNeverThrowAndWhatTheyYieldIsLegal() {
        byte[] array = new byte[48];
        for (int i = 0; i < 1_000_000; i++) {
            random.nextBytes(array);
            int length = random.nextInt(array.length + 1);
            if (length > 0) {
                // Half of the inputs begin with a type that exists, so that the fields are reached.
                array[0] = (i & 1) == 0 ? array[0] : (byte) (array[0] & 0x2F);
            }
            exhaust(array, 0, length);
        }
    }

    @Test
    void alteredFramesNeverThrowAndWhatTheyYieldIsLegal() {
        for (int i = 0; i < 100_000; i++) {
            out.reset();
            out.write(frames.next());
            byte[] array = Arrays.copyOf(out.array(), out.position());
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                array[random.nextInt(Math.min(array.length, 40))] = (byte) random.nextInt();
            }
            exhaust(array, 0, array.length);
        }
    }

    /** Reads to the end; every frame passes its constructor's checks, or an exception would come out of here. */
    private void exhaust(byte[] array, int offset, int length) {
        in.reset(array, offset, length);
        int at = 0;
        Kind kind;
        do {
            kind = in.next();
            if (kind == Kind.DATA) {
                in.data();
            } else if (kind == Kind.MESSAGE) {
                in.message().frame();
            }
            at++;
        } while (kind == Kind.DATA || kind == Kind.MESSAGE || kind == Kind.FRAME);
        assertThat(at).as("frames in %d bytes, seed %d", length, seed).isLessThanOrEqualTo(length + 1);
    }

    private List<Frame> readAll(byte[] array, int offset, int length) {
        List<Frame> result = new ArrayList<>();
        in.reset(array, offset, length);
        for (Kind kind = in.next(); kind != Kind.END; kind = in.next()) {
            assertThat(kind).as(() -> in.problem()).isNotEqualTo(Kind.MALFORMED);
            result.add(
                    switch (kind) {
                        case DATA -> in.data();
                        case MESSAGE -> in.message().frame();
                        default -> in.frame();
                    });
        }
        return result;
    }
}
