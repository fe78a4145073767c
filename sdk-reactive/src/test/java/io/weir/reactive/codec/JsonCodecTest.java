package io.weir.reactive.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.error.CodecException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class JsonCodecTest {

    record Quote(String symbol, double price) {}

    private final Codec<Quote> quotes = Codec.json(Quote.class);

    @Test
    void recordsSurviveTheRoundTrip() {
        ByteBuffer encoded = quotes.encode(new Quote("ACME", 12.5));

        assertThat(StandardCharsets.UTF_8.decode(encoded.duplicate()).toString())
                .isEqualTo("{\"symbol\":\"ACME\",\"price\":12.5}");
        assertThat(quotes.decode(encoded.asReadOnlyBuffer())).isEqualTo(new Quote("ACME", 12.5));
    }

    @Test
    void typesWithArgumentsSurviveTheRoundTrip() {
        Codec<Map<String, List<Quote>>> codec = Codec.json(new TypeRef<Map<String, List<Quote>>>() {});
        Map<String, List<Quote>> value = Map.of("nyse", List.of(new Quote("ACME", 1), new Quote("IBM", 2)));

        assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
    }

    @Test
    void payloadIsReadFromPositionToLimitAndStays() {
        ByteBuffer payload = json("xx{\"symbol\":\"A\",\"price\":1}yy").position(2);
        payload.limit(payload.limit() - 2);

        assertThat(quotes.decode(payload)).isEqualTo(new Quote("A", 1));
        assertThat(payload.position()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "{\"symbol\":\"A\",\"price\":\"dear\"}", "{\"symbol\":\"A\",\"price\":1} {}"})
    void whatIsNoQuoteIsAnError(String text) {
        assertThatThrownBy(() -> quotes.decode(json(text))).isInstanceOf(JacksonException.class);
    }

    @Test
    void aJsonNullIsAnErrorSinceAStreamHasNoNullElements() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> quotes.decode(json("null")))
                .withMessageContaining("JSON null")
                .withMessageContaining("Quote");
    }

    @Test
    void aTypeRefWithoutArgumentIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(RawTypeRef::new)
                .withMessageContaining("new TypeRef<List<String>>() {}");
    }

    @SuppressWarnings("rawtypes")
    private static final class RawTypeRef extends TypeRef {}

    @Test
    void withoutJacksonTheErrorNamesTheArtifactAndTheOtherCodecsWork() throws Exception {
        URL[] weir = {locationOf(Codec.class), locationOf(CodecException.class)};
        try (URLClassLoader bare = new URLClassLoader(weir, ClassLoader.getPlatformClassLoader())) {
            Class<?> codec = bare.loadClass(Codec.class.getName());
            Method json = codec.getMethod("json", Class.class);

            assertThat(codec.getMethod("utf8").invoke(null)).isNotNull();
            assertThatThrownBy(() -> json.invoke(null, String.class))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("tools.jackson.core:jackson-databind");
        }
    }

    private static URL locationOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    private static ByteBuffer json(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
