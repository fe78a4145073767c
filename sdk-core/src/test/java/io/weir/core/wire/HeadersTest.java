package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadersTest {

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

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

    private static Headers read(byte[] encoded) {
        ByteReader in = new ByteReader().reset(encoded, 0, encoded.length);
        Headers read = Headers.readFrom(in);
        assertThat(in.problem()).isNull();
        return read;
    }

    @Test
    void readsLongerFormsOfLengthsAsTheSameHeaders() {
        byte[] longForms = HexFormat.of().parseHex("4001" + "8000000161" + "40023132");

        Headers read = read(longForms);

        assertThat(read).isEqualTo(Headers.of("a", "12")).hasSameHashCodeAs(Headers.of("a", "12"));
        assertThat(read.encodedLength()).isEqualTo(6);
        assertThat(read.text("a")).isEqualTo("12");
    }

    /** Otherwise a record full of messages of a dozen bytes would cost the reader a hundred times its size. */
    @Test
    void readingAFewBytesAllocatesLittle() {
        byte[] encoded = {1, 1, 'a', 0};
        ByteReader in = new ByteReader();
        Headers.readFrom(in.reset(encoded, 0, encoded.length));

        long before = threads.getCurrentThreadAllocatedBytes();
        Headers read = Headers.readFrom(in.reset(encoded, 0, encoded.length));
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated).isLessThan(1_024);
        assertThat(read).isEqualTo(Headers.of("a", ""));
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
        assertThatThrownBy(() -> Headers.of("few", "bytes").with("a", new byte[4096 - 4]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("headers are 4107 bytes as encoded, must be 1 to 4096; the longest is \"a\" with 4096");
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
