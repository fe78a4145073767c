package io.weir.core.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.weir.core.crypto.CipherSuite;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A genuine packet with any bytes of it altered, cut or prolonged, and any bytes in its place: only the genuine one opens, and
 * nothing else keeps it from opening. An input is what to add to its bytes, one by one; its first byte, how many of them to
 * leave out at the end, up to 127, or, from 128 up, how many to add.
 */
class PacketOpenerFuzzTest {

    private static final byte[] FRAMES = {1, 2, 3, 4, 5};

    /** The genuine packet, with each byte altered, cut off at each, and prolonged. */
    static Stream<byte[]> seeds() {
        return IntStream.range(-1, PacketSealer.OVERHEAD + FRAMES.length)
                .boxed()
                .flatMap(at -> {
                    byte[] flip = new byte[2 + at];
                    flip[flip.length - 1] = 1;
                    return Stream.of(flip, new byte[] {at.byteValue()});
                });
    }

    @MethodSource("seeds")
    @FuzzTest
    void packet(byte[] input) {
        PacketPair pair = new PacketPair(CipherSuite.AESGCM);
        byte[] genuine = pair.seal(77, FRAMES);
        int cut = input.length == 0 ? 0 : input[0];
        byte[] altered = Arrays.copyOf(genuine, Math.max(0, genuine.length - cut));
        int at = PacketHeader.LENGTH - Long.BYTES; // what is before it only brings the packet here
        for (int i = 1; i < input.length && at < altered.length; i++) {
            altered[at++] += input[i];
        }
        boolean same = Arrays.equals(altered, genuine);

        if (input.length <= PacketPair.LONGEST) {
            assertThat(pair.open(input)).isNull();
        }
        assertThat(pair.open(altered)).isEqualTo(same ? FRAMES : null);
        assertThat(pair.open(genuine)).isEqualTo(same ? null : FRAMES);
        assertThat(pair.opener.highestNumber()).isEqualTo(77);
        assertThat(pair.drops.total()).isEqualTo(input.length <= PacketPair.LONGEST ? 2 : 1);
    }
}
