package io.weir.core.integrity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.core.wire.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RootSetTest {

    private static final Bytes ZEROS = Bytes.copyOf(new byte[32]);

    @Test
    void whatIsMissingIsZerosWhereverTheSetEnds() {
        RootSet two = RootSet.of(List.of(root(1), root(2)));
        RootSet three = RootSet.of(List.of(root(1), root(2), Bytes.empty()));
        RootSet zeros = RootSet.of(List.of(root(1), root(2), ZEROS, ZEROS));

        assertThat(two).isEqualTo(three).isEqualTo(zeros).hasSameHashCodeAs(zeros);
        assertThat(two.root(0)).isEqualTo(root(1));
        assertThat(two.root(63)).isEqualTo(ZEROS);
        assertThat(three.size()).isEqualTo(3);
    }

    @Test
    void everyRootCounts() {
        RootSet all = RootSet.of(Collections.nCopies(64, root(7)));
        for (int place = 0; place < 64; place++) {
            List<Bytes> roots = new ArrayList<>(Collections.nCopies(64, root(7)));
            byte[] other = root(7).toByteArray();
            other[place / 2] ^= 1;
            roots.set(place, Bytes.copyOf(other));

            assertThat(RootSet.of(roots)).as("place %d", place).isNotEqualTo(all);
        }
        assertThat(RootSet.of(Collections.nCopies(63, root(7)))).isNotEqualTo(all);
    }

    @Test
    void namesWhatIsLegal() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RootSet.of(List.of()))
                .withMessage("roots are 0; legal: 1 to 64");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RootSet.of(Collections.nCopies(65, root(1))))
                .withMessage("roots are 65; legal: 1 to 64");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RootSet.of(List.of(Bytes.copyOf(new byte[31]))))
                .withMessage("a root has 31 bytes; legal: 32, or 0 where it is missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RootSet.of(List.of(root(1))).root(64))
                .withMessage("denomination is 64; legal: 0 to 63");
    }

    static Bytes root(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return Bytes.copyOf(bytes);
    }
}
