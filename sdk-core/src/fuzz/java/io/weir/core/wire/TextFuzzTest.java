package io.weir.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/** Any bytes where a name should be, against the JDK's strict decoder; through the cache of names too. */
class TextFuzzTest {

    private final NameCache cache = new NameCache();

    @FuzzTest
    void text(byte[] input) {
        byte[] name = Arrays.copyOf(input, Math.min(input.length, Text.MAX_NAME_BYTES));
        String strict;
        try {
            strict = UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
        } catch (CharacterCodingException malformed) {
            assertThat(Text.decode(name, 0, name.length)).isNull();
            assertThat(cache.decode(name, 0, name.length)).isNull();
            return;
        }
        assertThat(Text.decode(name, 0, name.length)).isEqualTo(strict);
        assertThat(cache.decode(name, 0, name.length)).isEqualTo(strict);
        assertThat(cache.decode(name, 0, name.length)).isEqualTo(strict);
        assertThat(Text.encode("name", strict)).isEqualTo(name);
    }
}
