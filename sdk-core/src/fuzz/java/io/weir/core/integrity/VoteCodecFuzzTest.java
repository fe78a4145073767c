package io.weir.core.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.weir.core.wire.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as a question and as an answer of a vote. What is answered is answered by less, and as the roots in it say. */
class VoteCodecFuzzTest {

    private static final RootSet OWN = RootSet.of(List.of(Bytes.copyOf(new byte[32]), Bytes.copyOf(filled())));
    private static final VoteKey KEY = VoteKey.of(new byte[32]);

    private static byte[] filled() {
        byte[] root = new byte[32];
        Arrays.fill(root, (byte) 1);
        return root;
    }

    /** Every length that is one, and its neighbours; questions that agree, with a key and without; answers. */
    static Stream<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int roots : new int[] {0, 1, 2, 3, 63, 64, 65}) {
            for (int more : new int[] {15, 16, 17, 31, 32, 33}) {
                seeds.add(new byte[32 * roots + more]);
            }
        }
        for (VoteCodec codec : List.of(new VoteCodec(null), new VoteCodec(KEY))) {
            ByteBuffer question = ByteBuffer.allocate(codec.questionLength(OWN.size()));
            codec.ask(new byte[16], OWN, question);
            ByteBuffer answer = ByteBuffer.allocate(VoteCodec.MOST_ANSWER_BYTES);
            codec.answer(question.flip(), OWN, answer);
            seeds.add(question.array());
            seeds.add(Arrays.copyOf(answer.array(), answer.position()));
        }
        return seeds.stream();
    }

    @MethodSource("seeds")
    @FuzzTest
    void question(byte[] input) {
        ByteBuffer answer = ByteBuffer.allocate(VoteCodec.MOST_ANSWER_BYTES);
        ByteBuffer question = ByteBuffer.wrap(input).asReadOnlyBuffer();
        VoteCodec codec = new VoteCodec(KEY);
        if (codec.answer(question, OWN, answer) == VoteCodec.Outcome.ANSWERED) {
            boolean sealed = input.length % 32 == 0;
            byte[] roots = Arrays.copyOfRange(input, 16, input.length - (sealed ? 16 : 0));
            byte[] longest = Arrays.copyOf(roots, 64 * 32);
            byte[] own = new byte[64 * 32];
            OWN.root(1).copyTo(own, 32);
            assertThat(answer.position()).isLessThan(input.length).isEqualTo(sealed ? 33 : 17);
            assertThat(answer.get(0)).isEqualTo((byte) (Arrays.equals(longest, own) ? 1 : 0));
            assertThat(Arrays.copyOfRange(answer.array(), 1, 17)).isEqualTo(Arrays.copyOf(input, 16));
        } else {
            assertThat(answer.position()).isZero();
        }
        byte[] nonce = input.length < 17 ? new byte[16] : Arrays.copyOfRange(input, 1, 17);
        Vote vote = new VoteCodec(null).vote(nonce, ByteBuffer.wrap(input));
        assertThat(vote != null).isEqualTo(input.length == 17 && (input[0] == 0 || input[0] == 1));
    }
}
