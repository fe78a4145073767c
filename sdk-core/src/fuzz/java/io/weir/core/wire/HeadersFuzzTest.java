package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Any bytes where headers should be. */
class HeadersFuzzTest {

    @FuzzTest
    void headers(byte[] input) {
        ByteReader in = new ByteReader().reset(input, 0, input.length);
        Headers headers = Headers.readFrom(in);
        if (in.failed()) {
            assertThat(headers.isEmpty()).isTrue();
            return;
        }
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (String name : headers.names()) {
            Bytes value = headers.get(name);
            assertThat(value).isNotNull();
            entries.put(name, value == null ? new byte[0] : value.toByteArray());
        }

        assertThat(entries).hasSize(headers.size());
        assertThat(headers.encodedLength()).isBetween(1, 4_096);
        assertThat(Headers.of(entries)).isEqualTo(headers).hasSameHashCodeAs(headers);
        byte[] encoded = new byte[headers.encodedLength()];
        headers.copyTo(encoded, 0);
        assertThat(Headers.readFrom(new ByteReader().reset(encoded, 0, encoded.length)))
                .isEqualTo(headers);
        for (int end = 1; end < encoded.length; end += 1 + end / 4) {
            ByteReader cutOff = new ByteReader().reset(Arrays.copyOf(encoded, end), 0, end);
            Headers.readFrom(cutOff);
            assertThat(cutOff.failed()).as("cut off at %d", end).isTrue();
        }
    }
}
