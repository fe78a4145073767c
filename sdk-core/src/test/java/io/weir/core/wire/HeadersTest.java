package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadersTest {

    @Test
    void keepsOrderAndReplacesTheSameName() {
        Headers headers = Headers.of("b", "1").with("a", "2").with("b", "3");

        assertThat(headers.names()).containsExactly("b", "a");
        assertThat(headers.text("b")).isEqualTo("3");
        assertThat(headers.get("a")).isEqualTo(Bytes.copyOf(new byte[] {'2'}));
        assertThat(headers.get("c")).isNull();
        assertThat(headers.text("c")).isNull();
        assertThat(headers.size()).isEqualTo(2);
    }

    @Test
    void doesNotShareTheCallersArrays() {
        byte[] value = {1};
        Headers headers = Headers.of(Map.of("a", value));

        value[0] = 2;

        assertThat(headers).isEqualTo(Headers.empty().with("a", new byte[] {1}));
        assertThatThrownBy(() -> headers.names().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void showsNamesOnly() {
        assertThat(Headers.of("token", "secret")).hasToString("[token]");
    }

    @Test
    void takesSixtyFourEntriesAndNotOneMore() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (int i = 0; i < 64; i++) {
            entries.put("name" + i, new byte[0]);
        }
        Headers headers = Headers.of(entries);

        assertThat(headers.size()).isEqualTo(64);
        assertThatThrownBy(() -> headers.with("more", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("headers are 65 entries, must be 0 to 64");
    }

    @Test
    void takesFourKibibytesEncodedAndNotOneByteMore() {
        // count 1, name 1 + 1, value length 2
        Headers headers = Headers.empty().with("a", new byte[4096 - 5]);

        assertThat(headers.encodedLength()).isEqualTo(4096);
        assertThatThrownBy(() -> Headers.empty().with("a", new byte[4096 - 4]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("headers are longer than 4096 bytes as encoded");
        assertThatThrownBy(() -> Headers.empty().with("a", new byte[1 << 20]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesNamesThatAreEmptyTooLongOrNotUnicode() {
        assertThat(Headers.of("ä".repeat(127) + "a", "").size()).isEqualTo(1);
        assertThatThrownBy(() -> Headers.of("", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("header name is empty, must be 1 to 255 bytes of UTF-8");
        assertThatThrownBy(() -> Headers.of("ä".repeat(128), "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("header name is 256 bytes of UTF-8, must be 0 to 255");
        assertThatThrownBy(() -> Headers.of("\uD800", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("header name has a lone surrogate, must be well-formed Unicode");
    }
}
