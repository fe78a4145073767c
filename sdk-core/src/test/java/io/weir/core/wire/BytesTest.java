package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BytesTest {

    private static final byte[] ARRAY = {9, 1, 2, 3, 9};

    @Test
    void viewsAndCopiesOfTheSameContentAreEqual() {
        Bytes view = Bytes.view(ARRAY, 1, 3);
        Bytes copy = Bytes.copyOf(new byte[] {1, 2, 3});

        assertThat(view).isEqualTo(copy).hasSameHashCodeAs(copy).isNotEqualTo(Bytes.view(ARRAY, 0, 3));
        assertThat(view.toByteArray()).containsExactly(1, 2, 3);
    }

    @Test
    void bufferIsReadOnlyAndBeginsAtZero() {
        ByteBuffer buffer = Bytes.view(ARRAY, 1, 3).toByteBuffer();

        assertThat(buffer.isReadOnly()).isTrue();
        assertThat(buffer.position()).isZero();
        assertThat(buffer.capacity()).isEqualTo(3);
        assertThat(buffer).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }

    @Test
    void showsItsLengthOnly() {
        assertThat(Bytes.view(ARRAY, 1, 3)).hasToString("3 bytes");
        assertThat(Bytes.empty().isEmpty()).isTrue();
    }
}
