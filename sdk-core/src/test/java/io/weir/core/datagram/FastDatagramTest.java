package io.weir.core.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.VoteCodec;
import io.weir.core.integrity.VoteKey;
import org.junit.jupiter.api.Test;

class FastDatagramTest {

    @Test
    void anAnswerIsAlwaysSmallerThanItsQuestion() {
        for (int length = FastDatagram.LEAST_QUESTION; length <= FastDatagram.MOST_QUESTION; length++) {
            assertThat(FastDatagram.mostAnswer(length))
                    .isLessThan(length)
                    .isBetween(FastDatagram.HEADER_LENGTH, FastDatagram.MOST_ANSWER);
        }
    }

    @Test
    void theLongestQuestionIsThatOfTheMostRootsWithAMac() {
        VoteCodec keyed = new VoteCodec(VoteKey.of(new byte[VoteKey.LENGTH]));

        assertThat(FastDatagram.HEADER_LENGTH + keyed.questionLength(RootSet.MOST_ROOTS))
                .isEqualTo(FastDatagram.MOST_QUESTION);
    }

    @Test
    void commandsAreOneByteWithoutSign() {
        assertThat(FastDatagram.command(new byte[] {0, 0x10, (byte) 255}, 1)).isEqualTo(FastDatagram.MOST_COMMAND);
    }
}
