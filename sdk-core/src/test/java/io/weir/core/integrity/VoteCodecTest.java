package io.weir.core.integrity;

import static io.weir.core.integrity.RootSetTest.root;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.core.integrity.VoteCodec.Outcome;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VoteCodecTest {

    private static final byte[] NONCE = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");
    private static final byte[] KEY = new byte[] {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
        31, 32
    };
    private static final RootSet OWN = RootSet.of(List.of(root(1), root(2)));
    private static final RootSet OTHER = RootSet.of(List.of(root(1), root(3)));

    private final VoteCodec bare = new VoteCodec(null);
    private final VoteCodec keyed = new VoteCodec(VoteKey.of(KEY));

    @Test
    void asksByNonceAndRootsAndAnswersByVoteAndNonce() {
        byte[] question = asked(bare, OWN);

        assertThat(question).hasSize(16 + 2 * 32).startsWith(NONCE);
        assertThat(Arrays.copyOfRange(question, 48, 80)).isEqualTo(root(2).toByteArray());
        assertThat(answered(bare, question, OWN))
                .isEqualTo(HexFormat.of().parseHex("0100112233445566778899aabbccddeeff"));
        assertThat(answered(bare, question, OTHER))
                .isEqualTo(HexFormat.of().parseHex("0000112233445566778899aabbccddeeff"));
    }

    @Test
    void theMacIsHmacOfTheWholeDatagramBeforeIt() throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        byte[] question = asked(keyed, OWN);
        byte[] answer = answered(keyed, question, OWN);

        assertThat(question).hasSize(16 + 2 * 32 + 16);
        mac.update(new byte[] {0x10, 7});
        mac.update(question, 0, 80);
        assertThat(Arrays.copyOfRange(question, 80, 96)).isEqualTo(Arrays.copyOf(mac.doFinal(), 16));
        assertThat(answer).hasSize(1 + 16 + 16);
        mac.update(new byte[] {0x11, 7});
        mac.update(answer, 0, 17);
        assertThat(Arrays.copyOfRange(answer, 17, 33)).isEqualTo(Arrays.copyOf(mac.doFinal(), 16));
    }

    @Test
    void readsItsVotes() {
        assertThat(voted(bare, OWN)).isEqualTo(Vote.AGREE);
        assertThat(voted(bare, OTHER)).isEqualTo(Vote.DISAGREE);
        assertThat(voted(keyed, OWN)).isEqualTo(Vote.AGREE);
        assertThat(voted(keyed, OTHER)).isEqualTo(Vote.DISAGREE);
    }

    @Test
    void whatIsMissingAtEitherSideIsZeros() {
        RootSet one = RootSet.of(List.of(root(1)));
        RootSet padded = RootSet.of(List.of(root(1), root(0), root(0)));

        assertThat(bare.vote(NONCE, ByteBuffer.wrap(answered(bare, asked(bare, one), padded))))
                .isEqualTo(Vote.AGREE);
        assertThat(bare.vote(NONCE, ByteBuffer.wrap(answered(bare, asked(bare, padded), one))))
                .isEqualTo(Vote.AGREE);
        assertThat(bare.vote(NONCE, ByteBuffer.wrap(answered(bare, asked(bare, one), OWN))))
                .isEqualTo(Vote.DISAGREE);
        assertThat(bare.vote(NONCE, ByteBuffer.wrap(answered(bare, asked(bare, OWN), one))))
                .isEqualTo(Vote.DISAGREE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onlyTheLengthsOfTheProtocolAreAnsweredAndByLess(boolean withKey) {
        VoteCodec codec = withKey ? keyed : bare;
        List<Integer> lengths = IntStream.rangeClosed(1, 64)
                .map(roots -> 16 + 32 * roots)
                .boxed()
                .toList();
        for (int length = 0; length <= 2_200; length++) {
            byte[] question = new byte[length];
            ByteBuffer answer = ByteBuffer.allocate(VoteCodec.MOST_ANSWER_BYTES);
            Outcome outcome = codec.answer(ByteBuffer.wrap(question).asReadOnlyBuffer(), OWN, answer);

            boolean asks = lengths.contains(length);
            boolean sealed = lengths.contains(length - 16);
            assertThat(outcome)
                    .as("length %d", length)
                    .isEqualTo(asks ? Outcome.ANSWERED : sealed ? Outcome.NOT_AUTHENTIC : Outcome.MALFORMED);
            assertThat(answer.position()).as("length %d", length).isEqualTo(asks ? 17 : 0);
        }
        for (int roots = 1; roots <= 64; roots++) {
            byte[] question = asked(codec, RootSet.of(Collections.nCopies(roots, root(9))));
            assertThat(question).hasSize(codec.questionLength(roots));
            assertThat(answered(codec, question, OWN).length).isLessThan(question.length);
        }
    }

    @Test
    void aQuestionThatIsAlteredIsNotAuthentic() {
        byte[] question = asked(keyed, OWN);
        for (int bit = 0; bit < 8 * question.length; bit++) {
            byte[] altered = question.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(keyed.answer(ByteBuffer.wrap(altered), OWN, ByteBuffer.allocate(VoteCodec.MOST_ANSWER_BYTES)))
                    .as("bit %d", bit)
                    .isEqualTo(Outcome.NOT_AUTHENTIC);
        }
        assertThat(bare.answer(ByteBuffer.wrap(question), OWN, ByteBuffer.allocate(VoteCodec.MOST_ANSWER_BYTES)))
                .as("without a key")
                .isEqualTo(Outcome.NOT_AUTHENTIC);
    }

    @Test
    void anAnswerThatIsAlteredIsNoVoteUnderAKey() {
        byte[] answer = answered(keyed, asked(keyed, OWN), OWN);
        for (int bit = 0; bit < 8 * answer.length; bit++) {
            byte[] altered = answer.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(keyed.vote(NONCE, ByteBuffer.wrap(altered)))
                    .as("bit %d", bit)
                    .isNull();
        }
    }

    @Test
    void anAnswerOfAnotherLengthNonceOrNumberIsNoVote() {
        byte[] answer = answered(bare, asked(bare, OWN), OWN);
        for (int length = 0; length < 64; length++) {
            Vote expected = length == answer.length ? Vote.AGREE : null;
            assertThat(bare.vote(NONCE, ByteBuffer.wrap(Arrays.copyOf(answer, length))))
                    .as("length %d", length)
                    .isEqualTo(expected);
        }
        for (int number = 2; number < 256; number++) {
            answer[0] = (byte) number;
            assertThat(bare.vote(NONCE, ByteBuffer.wrap(answer)))
                    .as("number %d", number)
                    .isNull();
        }
        answer[0] = 1;
        answer[16] ^= 1;
        assertThat(bare.vote(NONCE, ByteBuffer.wrap(answer)))
                .as("another nonce")
                .isNull();
    }

    /** Whoever wants a MAC takes no answer without one, nor the question sent back. */
    @Test
    void aBareAnswerIsNoVoteUnderAKey() {
        byte[] bareAnswer = answered(bare, asked(bare, OWN), OWN);

        assertThat(keyed.vote(NONCE, ByteBuffer.wrap(bareAnswer))).isNull();
        assertThat(keyed.vote(NONCE, ByteBuffer.wrap(asked(keyed, OWN), 0, 33))).isNull();
    }

    @Test
    void namesTheLengthsOfItsArguments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bare.ask(new byte[15], OWN, ByteBuffer.allocate(100)))
                .withMessage("nonce has 15 bytes, must have 16");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VoteKey.of(new byte[31]))
                .withMessage("key has 31 bytes, must have 32");
    }

    @Test
    void aKeyShowsNothing() {
        assertThat(VoteKey.of(KEY)).hasToString("VoteKey[]").isEqualTo(VoteKey.of(KEY.clone()));
        assertThat(VoteKey.of(KEY)).isNotEqualTo(VoteKey.of(new byte[32]));
    }

    private static Vote voted(VoteCodec codec, RootSet own) {
        Vote vote = codec.vote(NONCE, ByteBuffer.wrap(answered(codec, asked(codec, OWN), own)));
        assertThat(vote).isNotNull();
        return vote;
    }

    private static byte[] asked(VoteCodec codec, RootSet roots) {
        ByteBuffer question = ByteBuffer.allocate(codec.questionLength(roots.size()));
        codec.ask(NONCE, roots, question);
        assertThat(question.hasRemaining()).isFalse();
        return question.array();
    }

    private static byte[] answered(VoteCodec codec, byte[] question, RootSet own) {
        ByteBuffer answer = ByteBuffer.allocate(VoteCodec.MOST_ANSWER_BYTES);
        ByteBuffer padded = ByteBuffer.allocate(question.length + 7)
                .position(5)
                .put(question)
                .flip()
                .position(5);
        assertThat(codec.answer(padded.asReadOnlyBuffer(), own, answer)).isEqualTo(Outcome.ANSWERED);
        return Arrays.copyOf(answer.array(), answer.position());
    }
}
