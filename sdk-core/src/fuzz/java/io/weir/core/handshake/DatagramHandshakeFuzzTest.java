package io.weir.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Datagrams of a handshake altered, cut, prolonged or invented, at either side: the genuine ones still make a session afterwards.
 * The first byte of an input chooses INIT, RETRY, RESPONSE or FINISH; the second, how many bytes are left out at its end, or, from
 * 128 up, added; the others are added to its bytes, one by one.
 */
class DatagramHandshakeFuzzTest {

    /** Each datagram genuine, with a bit of each of its fields altered, cut off at each of them, and prolonged. */
    static Stream<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int which = 0; which < 4; which++) {
            seeds.add(new byte[] {(byte) which});
            for (int at : new int[] {0, 1, 2, 3, 5, 8, 9, 29, 50, 100, 160}) {
                byte[] flip = new byte[2 + at + 1];
                flip[0] = (byte) which;
                flip[2 + at] = 1;
                seeds.add(flip);
                seeds.add(new byte[] {(byte) which, (byte) Math.min(127, at)});
            }
            seeds.add(new byte[] {(byte) which, -1});
        }
        seeds.add(HandshakeDatagrams.reject(DatagramPair.ALICE_INDEX, new Reject(1, 1, 0x13)));
        seeds.add(HandshakeDatagrams.retry(DatagramPair.ALICE_INDEX, new byte[255]));
        seeds.add(HandshakeDatagrams.retry(DatagramPair.ALICE_INDEX, new byte[256]));
        return seeds.stream();
    }

    @MethodSource("seeds")
    @FuzzTest
    void datagram(byte[] input) {
        int which = input.length == 0 ? 0 : input[0] & 3;
        DatagramPair pair = which == 1 ? DatagramPair.wary() : DatagramPair.plain();
        byte[] init = pair.sentByAlice(0);
        if (which == 0) {
            checkAnswer(pair.init(altered(init, input), 0));
            checkAnswer(pair.init(input, 0));
        }
        byte[] answer = pair.answerTo(init, 0);
        if (which == 1) {
            pair.toAlice(answer, 0);
            pair.toAlice(altered(answer, input), 0); // a second RETRY, whatever it says
            init = pair.sentByAlice(0);
            answer = pair.answerTo(init, 0);
        }
        if (which == 2) {
            pair.toAlice(altered(answer, input), 0);
        }
        pair.toAlice(input, 0);
        if (pair.alice.established() == null) {
            pair.toAlice(answer, 0);
        }
        byte[] finish = pair.sentByAlice(0);
        if (which == 3) {
            byte[] wrong = altered(finish, input);
            @Nullable Arrival arrival = pair.finish(wrong, 0);
            pair.arrival = arrival;
            if (arrival == null && pair.bob.halfOpen() == 0) {
                throw new AssertionError("a handshake is gone that nobody has heard of");
            }
        }
        if (pair.arrival == null) {
            pair.arrival = pair.finish(finish, 0);
        }
        assertThat(pair.packetsPass(0)).isTrue();
    }

    private static void checkAnswer(byte @Nullable [] answer) {
        if (answer != null) {
            assertThat(answer.length).isLessThan(Init.LENGTH / 5);
        }
    }

    private static byte[] altered(byte[] genuine, byte[] input) {
        int cut = input.length < 2 ? 0 : input[1];
        byte[] result = Arrays.copyOf(genuine, Math.max(0, genuine.length - cut));
        for (int i = 2; i < input.length && i - 2 < result.length; i++) {
            result[i - 2] += input[i];
        }
        return result;
    }
}
