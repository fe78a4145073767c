package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class StreamIdTest {
    @Test
    void isTheStartOfTheHashOfItsName() {
        assertThat(StreamId.of("abc"))
                .as("SHA-256 of FIPS 180-4's example")
                .isEqualTo(new StreamId(0xba7816bf8f01cfeaL));
        assertThat(StreamId.of("")).hasToString("e3b0c44298fc1c14");
    }

    @Test
    void hashesNamesAsUtf8() {
        assertThat(StreamId.of("\u00e9")).isNotEqualTo(StreamId.of("e"));
        assertThat(StreamId.of("\u00e9")).hasToString("4a99557e4033c353");
    }

    @Test
    void takesEightRandomBytesWhenUnique() {
        StreamId id = StreamId.unique(bytes -> Arrays.fill(bytes, (byte) 0xAB));

        assertThat(id).isEqualTo(new StreamId(0xABABABABABABABABL));
    }

    @Test
    void isAnotherOneEachTimeWithoutASourceToo() {
        assertThat(Stream.generate(StreamId::unique).limit(1_000)).doesNotHaveDuplicates();
    }

    @Test
    void printsSixteenHexDigits() {
        assertThat(new StreamId(1)).hasToString("0000000000000001");
        assertThat(new StreamId(-1)).hasToString("ffffffffffffffff");
    }
}
